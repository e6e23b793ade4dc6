package dev.retrain.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.util.InvalidSettingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingPlanTest {
  private static TrainingPlan plan(int images, int batchSize, int accumulate) {
    return TrainingPlan.of(
        images,
        FineTuneOptions.builder(images)
            .epochs(3)
            .batchSize(batchSize)
            .accumulate(accumulate)
            .build());
  }

  private static List<List<Object>> batches(Iterator<TrainingPlan.Batch> batches) {
    List<List<Object>> all = new ArrayList<>();
    batches.forEachRemaining(
        batch ->
            all.add(
                List.of(
                    batch.epoch(), Arrays.stream(batch.images()).boxed().toList(), batch.next())));
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    // images, batch size, batches per update; images of a batch, batches per update, updates
    "45000, 128, 1, 128, 1, 351",
    "129, 128, 1, 64, 1, 2",
    "255, 128, 1, 127, 1, 2",
    "100, 128, 1, 100, 1, 1",
    "1, 128, 1, 1, 1, 1",
    "3, 2, 1, 2, 1, 1",
    "100, 10, 4, 10, 4, 2",
    "30, 10, 8, 10, 3, 1"
  })
  void batchesFitTheNumberOfImages(
      int images, int batchSize, int accumulate, int size, int together, int updates) {
    TrainingPlan plan = plan(images, batchSize, accumulate);
    assertThat(plan.batchSize()).isEqualTo(size);
    assertThat(plan.batchesPerUpdate()).isEqualTo(together);
    assertThat(plan.updatesPerEpoch()).isEqualTo(updates);
    assertThat(plan.steps()).isEqualTo(3 * updates);
    assertThat(batches(plan.from(0))).hasSize(3 * updates * together);
  }

  @Test
  void moreUpdatesThanAnIntegerHoldsAreRefused() {
    FineTuneOptions options = FineTuneOptions.builder(500_000).epochs(10_000).batchSize(2).build();
    assertThatThrownBy(() -> TrainingPlan.of(500_000, options))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining(
            "must be at most 8,589, because an epoch has 250,000 updates, but is 10000");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 5, 6, 14, 15})
  void resumedPlanIsTheRestOfTheWhole(int step) {
    TrainingPlan plan = plan(105, 10, 2);
    List<List<Object>> all = batches(plan.from(0));
    assertThat(all).hasSize(30);
    assertThat(batches(plan.from(step))).isEqualTo(all.subList(2 * step, 30));
  }

  @Test
  void anEpochUsesEachImageOnceInAnotherOrder() {
    TrainingPlan plan = plan(40, 10, 1);
    List<List<Integer>> orders = new ArrayList<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      List<Integer> order = new ArrayList<>();
      Iterator<TrainingPlan.Batch> batches = plan.from(4 * epoch);
      for (int i = 0; i < 4; i++) {
        Arrays.stream(batches.next().images()).forEach(order::add);
      }
      assertThat(order).doesNotHaveDuplicates().hasSize(40);
      orders.add(order);
    }
    assertThat(orders).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "200, 2", "2048, 16", "45000, 16"})
  void momentsAreMeasuredOverAtMost2048Images(int images, int batches) {
    assertThat(plan(images, 128, 1).momentBatches()).hasSize(batches);
  }
}
