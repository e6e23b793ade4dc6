package dev.retrain.job.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.training.LearningRate;
import dev.retrain.training.Optimizer;
import dev.retrain.training.Regularization;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.sampling.Sampling;
import dev.retrain.training.weight.ClassWeights;
import dev.retrain.util.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrainingSettingsTest {
  private static final Optimizer ADAM =
      new Optimizer.Adam(new LearningRate.Staircase(0.01, 65, 0.95));

  private static TrainingOptions options(Sampling sampling, Optimizer optimizer) {
    return new TrainingOptions(
        sampling,
        optimizer,
        List.of(),
        TrainingOptions.ALL,
        OptionalInt.empty(),
        1,
        OptionalInt.empty(),
        Regularization.DEFAULT,
        ClassWeights.NONE,
        1);
  }

  private static Stream<TrainingOptions> variants() {
    Sampling balanced = new Sampling.Balanced(20, 10);
    return Stream.of(
        options(balanced, ADAM),
        options(new Sampling.Balanced(21, 10), ADAM),
        options(new Sampling.Balanced(20, 11), ADAM),
        options(new Sampling.Epochs(20, 10), ADAM),
        options(balanced, new Optimizer.Sgd(new LearningRate.Staircase(0.01, 65, 0.95), 0)),
        options(balanced, new Optimizer.Sgd(new LearningRate.Staircase(0.01, 65, 0.95), 0.9)),
        options(balanced, new Optimizer.Adam(new LearningRate.Staircase(0.02, 65, 0.95))),
        options(balanced, new Optimizer.Adam(new LearningRate.Staircase(0.01, 66, 0.95))),
        options(balanced, new Optimizer.Adam(new LearningRate.Staircase(0.01, 65, 0.9))),
        options(balanced, new Optimizer.Adam(new LearningRate.Cosine(0.01))),
        options(balanced, new Optimizer.Adam(new LearningRate.Constant(0.01))),
        weighted(ClassWeights.BALANCED),
        weighted(new ClassWeights.PerClass("a.csv", Map.of("cat", 1.0, "dog", 2.0))),
        weighted(new ClassWeights.PerClass("a.csv", Map.of("cat", 1.0, "dog", 3.0))),
        withRest(balanced, List.of(3), TrainingOptions.ALL, OptionalInt.empty(), 1),
        withRest(balanced, List.of(3, 4), TrainingOptions.ALL, OptionalInt.empty(), 1),
        withRest(balanced, List.of(), 5, OptionalInt.empty(), 1),
        withRest(balanced, List.of(), TrainingOptions.ALL, OptionalInt.of(5), 1),
        withRest(balanced, List.of(), TrainingOptions.ALL, OptionalInt.empty(), 2));
  }

  private static TrainingOptions weighted(ClassWeights weights) {
    return TrainingOptions.builder()
        .sampling(new Sampling.Epochs(2, 10))
        .classWeights(weights)
        .build();
  }

  private static TrainingOptions withRest(
      Sampling sampling,
      List<Integer> hidden,
      int validationBatchSize,
      OptionalInt interval,
      long seed) {
    return new TrainingOptions(
        sampling,
        ADAM,
        hidden,
        validationBatchSize,
        interval,
        1,
        OptionalInt.empty(),
        Regularization.DEFAULT,
        ClassWeights.NONE,
        seed);
  }

  @Test
  void differentOptionsHaveDifferentSettings() {
    List<TrainingSettings> settings = variants().map(TrainingSettings::from).toList();
    assertThat(settings).doesNotHaveDuplicates();
  }

  @Test
  void settingsAreReadAsWritten() throws IOException {
    for (TrainingOptions options : variants().toList()) {
      TrainingSettings settings = TrainingSettings.from(options);
      String json = Json.mapper().writeValueAsString(settings);
      assertThat(Json.mapper().readValue(json, TrainingSettings.class)).isEqualTo(settings);
    }
  }

  /** Fails when an option is added: {@link TrainingSettings} must contain it. */
  @Test
  void everyOptionIsKnown() {
    assertThat(components(TrainingOptions.class)).isEqualTo(10);
    assertThat(components(Sampling.Balanced.class)).isEqualTo(2);
    assertThat(components(Sampling.Epochs.class)).isEqualTo(2);
    assertThat(components(Optimizer.Adam.class)).isEqualTo(1);
    assertThat(components(Optimizer.Sgd.class)).isEqualTo(2);
    assertThat(components(LearningRate.Staircase.class)).isEqualTo(3);
    assertThat(components(LearningRate.Cosine.class)).isEqualTo(1);
    assertThat(components(LearningRate.Constant.class)).isEqualTo(1);
    assertThat(components(Regularization.class)).isEqualTo(6);
    assertThat(
            Stream.of(Sampling.class, Optimizer.class, LearningRate.class)
                .flatMap(type -> Arrays.stream(type.getPermittedSubclasses())))
        .hasSize(7);
  }

  private static int components(Class<?> type) {
    return type.getRecordComponents().length;
  }
}
