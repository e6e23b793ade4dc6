package dev.retrain.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.evaluation.ConfusionMatrix.Confusion;
import dev.retrain.evaluation.Metrics.ClassMetrics;
import dev.retrain.evaluation.Metrics.Interval;
import dev.retrain.evaluation.Metrics.Means;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metrics calculated by hand; EvaluateIT compares them with scikit-learn. */
class MetricsTest {
  private static final Offset<Double> ROUNDING = within(1e-7);

  /** Class a: 3 correct, 1 predicted as b. Class b: 1 correct, 1 predicted as c. c and d: none. */
  private static final Predictions PREDICTIONS =
      predictions(
          4,
          new int[] {0, 0, 0, 0, 1, 1},
          new int[] {0, 0, 0, 1, 1, 2},
          new float[] {0.9f, 0.8f, 0.7f, 0.6f, 0.5f, 0.4f});

  /** Predictions with these confidences; the other classes share the rest equally. */
  private static Predictions predictions(
      int classes, int[] actual, int[] predicted, float[] confidence) {
    float[] probabilities = new float[actual.length * classes];
    for (int i = 0; i < actual.length; i++) {
      for (int c = 0; c < classes; c++) {
        probabilities[i * classes + c] =
            c == predicted[i] ? confidence[i] : (1 - confidence[i]) / (classes - 1);
      }
    }
    return new Predictions(
        IntStream.range(0, classes).mapToObj(c -> "class " + c).toList(),
        Collections.nCopies(actual.length, "name"),
        actual,
        probabilities);
  }

  @Test
  void classMetricsAreComputed() {
    assertThat(Metrics.compute(PREDICTIONS).classes())
        .containsExactly(
            new ClassMetrics("class 0", 1, 0.75, 6.0 / 7, 4),
            new ClassMetrics("class 1", 0.5, 0.5, 0.5, 2),
            new ClassMetrics("class 2", 0, 0, 0, 0),
            new ClassMetrics("class 3", 0, 0, 0, 0));
  }

  @Test
  void macroMeanIsOverOccurringClassesAndWeightedMeanOverImages() {
    Metrics metrics = Metrics.compute(PREDICTIONS);

    assertThat(metrics.macro()).isEqualTo(new Means(1.5 / 3, 1.25 / 3, (6.0 / 7 + 0.5) / 3));
    assertThat(metrics.weighted())
        .isEqualTo(new Means((4 + 1) / 6.0, (3 + 1) / 6.0, (4 * 6.0 / 7 + 2 * 0.5) / 6));
  }

  @Test
  void accuracyAndLossAreMeans() {
    Metrics metrics = Metrics.compute(PREDICTIONS);
    double loss =
        -(Math.log(0.9)
                + Math.log(0.8)
                + Math.log(0.7)
                + Math.log(0.4 / 3)
                + Math.log(0.5)
                + Math.log(0.6 / 3))
            / 6;

    assertThat(metrics.count()).isEqualTo(6);
    assertThat(metrics.accuracy()).isEqualTo(4.0 / 6);
    assertThat(metrics.loss()).isCloseTo(loss, ROUNDING);
    assertThat(metrics.top5Accuracy()).isEqualTo(1);
  }

  @Test
  void lossOfAProbabilityOfZeroIsFinite() {
    Metrics metrics =
        Metrics.compute(predictions(2, new int[] {0}, new int[] {1}, new float[] {1}));

    assertThat(metrics.loss()).isCloseTo(52 * Math.log(2), ROUNDING);
  }

  @Test
  void sixthMostProbableClassIsNotInTheTopFive() {
    float[] falling = {0.3f, 0.2f, 0.15f, 0.14f, 0.11f, 0.06f, 0.04f};
    for (int actual = 0; actual < falling.length; actual++) {
      Predictions one =
          new Predictions(
              List.of("a", "b", "c", "d", "e", "f", "g"),
              List.of("x"),
              new int[] {actual},
              falling.clone());
      assertThat(Metrics.compute(one).top5Accuracy()).isEqualTo(actual < 5 ? 1 : 0);
    }
  }

  @Test
  void confusionMatrixCountsPairs() {
    ConfusionMatrix confusion = ConfusionMatrix.compute(PREDICTIONS);

    assertThat(confusion.rows())
        .isDeepEqualTo(new long[][] {{3, 1, 0, 0}, {0, 1, 1, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}});
    assertThat(confusion.confusions())
        .containsExactlyInAnyOrder(new Confusion(0, 1, 1), new Confusion(1, 2, 1));
    assertThat(confusion.correct()).isEqualTo(4);
    assertThat(confusion.actual(0)).isEqualTo(4);
    assertThat(confusion.predicted(1)).isEqualTo(2);
  }

  @Test
  void calibrationComparesConfidenceWithAccuracy() {
    // Two in the bin from 0.8 to 0.8667, one of them correct; one in the last bin, correct.
    Calibration calibration =
        Calibration.compute(
            predictions(
                2, new int[] {0, 0, 1}, new int[] {0, 1, 1}, new float[] {0.82f, 0.84f, 1}));

    assertThat(calibration.expectedError()).isCloseTo(2.0 / 3 * Math.abs(0.5 - 0.83), ROUNDING);
    assertThat(calibration.bins()).hasSize(15);
    assertThat(calibration.bins().get(12).count()).isEqualTo(2);
    assertThat(calibration.bins().get(12).confidence()).isCloseTo(0.83, ROUNDING);
    assertThat(calibration.bins().get(12).accuracy()).isEqualTo(0.5);
    assertThat(calibration.bins().get(14).count()).isEqualTo(1);
  }

  /** Values of SciPy's {@code binomtest(hits, count).proportion_ci(0.95, 'wilson')}. */
  @ParameterizedTest
  @CsvSource({
    "5650, 7550, 0.7384309686188454, 0.7580051851504516",
    "1, 10, 0.017876213095072896, 0.40415002679523837",
    "0, 5, 0, 0.43448246478317465",
    "5, 5, 0.5655175352168254, 1"
  })
  void intervalIsTheWilsonScoreInterval(int hits, int count, double low, double high) {
    Interval interval = Interval.wilson(hits, count);

    assertThat(interval.low()).isCloseTo(low, within(1e-12));
    assertThat(interval.high()).isCloseTo(high, within(1e-12));
  }
}
