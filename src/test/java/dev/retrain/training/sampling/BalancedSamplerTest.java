package dev.retrain.training.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.testing.FixedVectors;
import java.util.Arrays;
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
  private static Offset<Double> tolerance(double probability) {
    return Offset.offset(5 * Math.sqrt(DRAWS * probability * (1 - probability)));
  }

  @Test
  void allClassesAreDrawnEquallyOften() {
    int[] counts = countsByImage(unbalanced(), 3);

    assertThat((double) counts[0]).isCloseTo(DRAWS / 3.0, tolerance(1 / 3.0));
    assertThat((double) Arrays.stream(counts, 1, 10).sum())
        .isCloseTo(DRAWS / 3.0, tolerance(1 / 3.0));
    assertThat((double) Arrays.stream(counts, 10, 100).sum())
        .isCloseTo(DRAWS / 3.0, tolerance(1 / 3.0));
  }

  @Test
  void allImagesOfAClassAreDrawnEquallyOften() {
    int[] counts = countsByImage(unbalanced(), 3);

    for (int i = 1; i < 100; i++) {
      double probability = i < 10 ? 1 / 27.0 : 1 / 270.0;
      assertThat((double) counts[i])
          .as("image " + i)
          .isCloseTo(DRAWS * probability, tolerance(probability));
    }
  }

  @Test
  void emptyClassesAreNeverDrawn() {
    int[] counts = countsByImage(vectors(3, 1, 1), 5);

    assertThat((double) counts[0]).isCloseTo(DRAWS / 2.0, tolerance(0.5));
  }

  @Test
  void equalSeedsDrawEqualBatches() {
    BalancedSampler first = new BalancedSampler(unbalanced(), 3, 7);
    BalancedSampler second = new BalancedSampler(unbalanced(), 3, 7);

    for (int i = 0; i < 10; i++) {
      assertThat(second.next(50)).isEqualTo(first.next(50));
    }
  }

  @Test
  void differentSeedsDrawDifferentBatches() {
    assertThat(new BalancedSampler(unbalanced(), 3, 8).next(50))
        .isNotEqualTo(new BalancedSampler(unbalanced(), 3, 7).next(50));
  }

  @Test
  void consecutiveBatchesDiffer() {
    BalancedSampler sampler = new BalancedSampler(unbalanced(), 3, 7);

    assertThat(sampler.next(50)).hasSize(50).isNotEqualTo(sampler.next(50));
  }
}
