package dev.retrain.training.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.testing.FixedVectors;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class StandardizationTest {
  private static final double[] MEANS = {0, 5, -300, 0.25};
  private static final double[] STDDEVS = {1, 0.5, 20, 0};

  private static FixedVectors vectors(int count) {
    Random random = new Random(3);
    float[][] rows = new float[count][MEANS.length];
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) (MEANS[i] + STDDEVS[i] * random.nextGaussian());
      }
    }
    return new FixedVectors(MEANS.length, rows, new int[count]);
  }

  private static double mean(FixedVectors vectors, int component) {
    double sum = 0;
    for (float[] row : vectors.rows()) {
      sum += row[component];
    }
    return sum / vectors.count();
  }

  private static double variance(FixedVectors vectors, int component) {
    double mean = mean(vectors, component);
    double sum = 0;
    for (float[] row : vectors.rows()) {
      sum += (row[component] - mean) * (row[component] - mean);
    }
    return sum / vectors.count();
  }

  private static void assertMatchesReference(FixedVectors vectors) {
    Standardization standardization = Standardization.fit(vectors);
    double meanVariance = 0;
    for (int i = 0; i < vectors.length(); i++) {
      meanVariance += variance(vectors, i) / vectors.length();
    }
    for (int i = 0; i < vectors.length(); i++) {
      double deviation = Math.max(Math.sqrt(variance(vectors, i)), 0.01 * Math.sqrt(meanVariance));
      assertThat((double) standardization.mean()[i])
          .isCloseTo(mean(vectors, i), Offset.offset(1e-5 * (1 + Math.abs(mean(vectors, i)))));
      assertThat((double) standardization.scale()[i])
          .isCloseTo(1 / deviation, Percentage.withPercentage(0.01));
    }
  }

  @Test
  void standardizationMatchesReference() {
    assertMatchesReference(vectors(500));
  }

  @Test
  void severalBatchesGiveTheSameStandardization() {
    assertMatchesReference(vectors(20_001));
  }

  @Test
  void constantComponentIsNotScaledUp() {
    FixedVectors vectors = vectors(500);
    Standardization standardization = Standardization.fit(vectors);

    float standardized = (0.25f - standardization.mean()[3]) * standardization.scale()[3];

    assertThat(standardized).isCloseTo(0, Offset.offset(1e-5f));
    assertThat(standardization.scale()[3]).isFinite().isLessThan(100 / 9f);
  }

  @Test
  void equalVectorsAreNotScaled() {
    float[][] rows = {{4, -1}, {4, -1}, {4, -1}};

    Standardization standardization =
        Standardization.fit(new FixedVectors(2, rows, new int[] {0, 1, 0}));

    assertThat(standardization.mean()).containsExactly(4, -1);
    assertThat(standardization.scale()).containsExactly(1, 1);
  }

  @Test
  void noneIsTheIdentity() {
    assertThat(Standardization.none(3).mean()).containsExactly(0, 0, 0);
    assertThat(Standardization.none(3).scale()).containsExactly(1, 1, 1);
  }
}
