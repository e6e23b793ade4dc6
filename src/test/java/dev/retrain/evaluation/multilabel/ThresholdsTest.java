package dev.retrain.evaluation.multilabel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThresholdsTest {
  private static MultiLabelPredictions predictions(float[] actual, float[] probabilities) {
    return predictions(1, actual, probabilities);
  }

  private static MultiLabelPredictions predictions(
      int classes, float[] actual, float[] probabilities) {
    return new MultiLabelPredictions(
        IntStream.range(0, classes).mapToObj(i -> "class" + i).toList(),
        IntStream.range(0, actual.length / classes).mapToObj(i -> "image" + i).toList(),
        actual,
        probabilities,
        Thresholds.defaults(classes));
  }

  private static double f1(MultiLabelPredictions predictions, float threshold) {
    return MultiLabelMetrics.compute(predictions.withThresholds(new float[] {threshold}))
        .classes()
        .get(0)
        .scores()
        .f1();
  }

  @Test
  void thresholdIsBetweenTheProbabilities() {
    assertThat(
            Thresholds.choose(
                predictions(new float[] {1, 1, 0, 0}, new float[] {0.2f, 0.1f, 0.06f, 0.02f})))
        .containsExactly(new float[] {0.08f}, within(1e-6f));
    // Of the two best, the nearer to 0.5.
    assertThat(Thresholds.choose(predictions(new float[] {1, 0, 1}, new float[] {0.9f, 0.6f, 0})))
        .containsExactly(new float[] {0.75f}, within(1e-6f));
  }

  @Test
  void classWithoutImagesKeepsTheDefault() {
    assertThat(Thresholds.choose(predictions(new float[] {0, 0}, new float[] {0.9f, 0.1f})))
        .containsExactly(0.5f);
    assertThat(Thresholds.choose(predictions(new float[0], new float[0]))).containsExactly(0.5f);
  }

  /** Compared with every possible threshold, also where probabilities are equal or extreme. */
  @Test
  void noOtherThresholdHasAHigherF1() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      int count = 1 + random.nextInt(30);
      float[] actual = new float[count];
      float[] probabilities = new float[count];
      for (int i = 0; i < count; i++) {
        actual[i] = random.nextInt(3) == 0 ? 1 : 0;
        probabilities[i] =
            switch (random.nextInt(4)) {
              case 0 -> 0;
              case 1 -> 1;
              case 2 -> 0.25f * random.nextInt(5);
              default -> random.nextFloat();
            };
      }
      MultiLabelPredictions predictions = predictions(actual, probabilities);
      float chosen = Thresholds.choose(predictions)[0];
      assertThat(chosen).isGreaterThan(0).isLessThanOrEqualTo(1);
      double best = f1(predictions, chosen);
      for (float other : probabilities) {
        // A threshold of 0 predicts every class and is not a choice.
        if (other > 0) {
          assertThat(f1(predictions, other)).isLessThanOrEqualTo(best + 1e-12);
        }
      }
    }
  }

  @Test
  void metricsAreThoseComputedByHand() {
    MultiLabelPredictions predictions =
        new MultiLabelPredictions(
            List.of("a", "b"),
            List.of("1", "2", "3"),
            new float[] {1, 0, 1, 1, 0, 0},
            new float[] {0.9f, 0.6f, 0.2f, 0.8f, 0.3f, 0.1f},
            new float[] {0.5f, 0.5f});
    MultiLabelMetrics metrics = MultiLabelMetrics.compute(predictions);
    // a: 1 of 1 predicted, 1 of 2 found; b: 1 of 2 predicted, 1 of 1 found.
    assertThat(metrics.micro().precision()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(metrics.micro().recall()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(metrics.macro().f1()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(metrics.exactMatch()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(metrics.classes().get(0).averagePrecision())
        .isCloseTo((1 + 2 / 3.0) / 2, within(1e-12));
    assertThat(metrics.classes().get(1).averagePrecision()).isEqualTo(1);
    double loss =
        -(Math.log(0.9f)
                + Math.log(1 - (double) 0.6f)
                + Math.log(0.2f)
                + Math.log(0.8f)
                + Math.log(1 - (double) 0.3f)
                + Math.log(1 - (double) 0.1f))
            / 6;
    assertThat(metrics.loss()).isCloseTo(loss, within(1e-9));
    assertThat(predictions.falsePositives())
        .containsExactly(new MultiLabelPredictions.Misclassification(0, 1, 0.6f));
    assertThat(predictions.falseNegatives())
        .containsExactly(new MultiLabelPredictions.Misclassification(1, 0, 0.2f));
    assertThat(predictions.predictedLabels(2)).isEmpty();
  }
}
