package dev.retrain.training.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.testing.FixedVectors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BalancedSamplerTest {
  private static final int DRAWS = 60_000;

  private static FixedVectors vectors(int... labels) {
    return new FixedVectors(1, new float[labels.length][1], labels);
  }

  /** One image of class 0, 9 of class 1, 90 of class 2. */
  private static FixedVectors unbalanced() {
    return vectors(IntStream.range(0, 100).map(i -> i == 0 ? 0 : i < 10 ? 1 : 2).toArray());
  }

  private static int[] countsByImage(FixedVectors vectors, int classes) {
    int[] counts = new int[vectors.count()];
    for (int index : new BalancedSampler(vectors, classes, 1).next(DRAWS)) {
      counts[index]++;
    }
    return counts;
  }

  // Five standard deviations of a binomial count.
  private static Offset<Double> tolerance(double share) {
    return Offset.offset(5 * Math.sqrt(DRAWS * share * (1 - share)));
  }

  @Test
  void aRareClassIsDrawnAsOftenAsACommonOne() {
    int[] counts = countsByImage(unbalanced(), 3);

    assertThat((double) counts[0]).isCloseTo(DRAWS / 3.0, tolerance(1 / 3.0));
    assertThat((double) Arrays.stream(counts, 1, 10).sum())
        .isCloseTo(DRAWS / 3.0, tolerance(1 / 3.0));
    assertThat((double) Arrays.stream(counts, 10, 100).sum())
        .isCloseTo(DRAWS / 3.0, tolerance(1 / 3.0));
  }

  @Test
  void withinAClassEveryImageIsDrawnAsOften() {
    int[] counts = countsByImage(unbalanced(), 3);

    for (int i = 1; i < 100; i++) {
      double share = i < 10 ? 1 / 27.0 : 1 / 270.0;
      assertThat((double) counts[i]).as("image " + i).isCloseTo(DRAWS * share, tolerance(share));
    }
  }

  @Test
  void aClassWithoutImagesIsPassedOver() {
    int[] counts = countsByImage(vectors(3, 1, 1), 5);

    assertThat((double) counts[0]).isCloseTo(DRAWS / 2.0, tolerance(0.5));
  }

  @Test
  void theSameSeedDrawsTheSameBatches() {
    BalancedSampler first = new BalancedSampler(unbalanced(), 3, 7);
    BalancedSampler second = new BalancedSampler(unbalanced(), 3, 7);

    for (int i = 0; i < 10; i++) {
      assertThat(second.next(50)).isEqualTo(first.next(50));
    }
  }

  @Test
  void anotherSeedDrawsOtherBatches() {
    assertThat(new BalancedSampler(unbalanced(), 3, 8).next(50))
        .isNotEqualTo(new BalancedSampler(unbalanced(), 3, 7).next(50));
  }

  @Test
  void theNextBatchIsAnother() {
    BalancedSampler sampler = new BalancedSampler(unbalanced(), 3, 7);

    assertThat(sampler.next(50)).hasSize(50).isNotEqualTo(sampler.next(50));
  }

  @Test
  void anEpochHasEveryImageOnceAndTheLastBatchIsSmaller() {
    EpochSampler sampler = new EpochSampler(25, 10, 3);
    int[][] epochs = new int[2][];
    for (int epoch = 0; epoch < 2; epoch++) {
      List<int[]> batches = List.of(sampler.next(), sampler.next(), sampler.next());
      assertThat(batches).extracting(batch -> batch.length).containsExactly(10, 10, 5);
      epochs[epoch] = batches.stream().flatMapToInt(Arrays::stream).toArray();
      assertThat(epochs[epoch]).containsExactlyInAnyOrder(IntStream.range(0, 25).toArray());
    }
    assertThat(epochs[1]).isNotEqualTo(epochs[0]);
    assertThat(new EpochSampler(25, 25, 3).next()).isEqualTo(epochs[0]);
    assertThat(new EpochSampler(25, 25, 4).next()).isNotEqualTo(epochs[0]);
  }

  @Test
  void everyPlaceOfAnEpochIsAsLikelyForEveryImage() {
    EpochSampler sampler = new EpochSampler(4, 4, 1);
    int[][] counts = new int[4][4];
    for (int i = 0; i < 10_000; i++) {
      int[] order = sampler.next();
      for (int place = 0; place < 4; place++) {
        counts[place][order[place]]++;
      }
    }
    for (int[] place : counts) {
      for (int count : place) {
        // Five standard deviations.
        assertThat((double) count).isCloseTo(2500, Offset.offset(5 * Math.sqrt(1875)));
      }
    }
  }
}
