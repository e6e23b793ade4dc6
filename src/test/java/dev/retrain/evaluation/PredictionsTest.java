package dev.retrain.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionsTest {
  private static final List<String> LABELS = List.of("a", "b", "c");

  private static Predictions predictions(int[] actual, float... probabilities) {
    List<String> names =
        java.util.stream.IntStream.range(0, actual.length).mapToObj(i -> "x/" + i).toList();
    return new Predictions(LABELS, names, actual, probabilities);
  }

  @Test
  void firstOfTheMostProbableClassesIsPredicted() {
    Predictions predictions = predictions(new int[] {2, 0}, 0.1f, 0.2f, 0.7f, 0.2f, 0.4f, 0.4f);

    assertThat(predictions.predicted(0)).isEqualTo(2);
    assertThat(predictions.confidence(0)).isEqualTo(0.7f);
    assertThat(predictions.correct(0)).isTrue();
    assertThat(predictions.predicted(1)).isEqualTo(1);
    assertThat(predictions.correct(1)).isFalse();
    assertThat(predictions.top(1, 2)).containsExactly(1, 2);
    assertThat(predictions.top(0, 9)).containsExactly(2, 1, 0);
    assertThat(predictions.name(1)).isEqualTo("x/1");
    assertThat(predictions.probabilities(1)).containsExactly(0.2f, 0.4f, 0.4f);
  }

  @Test
  void mistakesAreSortedByConfidence() {
    Predictions predictions =
        predictions(
            new int[] {0, 1, 2, 0, 1},
            0.3f,
            0.4f,
            0.3f, //
            0.9f,
            0.1f,
            0f, //
            0f,
            0f,
            1f, //
            0.1f,
            0.9f,
            0f, //
            0f,
            0.05f,
            0.95f);

    assertThat(predictions.misclassified()).containsExactly(0, 1, 3, 4);
    assertThat(predictions.mostConfidentMistakes()).containsExactly(4, 1, 3, 0);
  }

  @Test
  void logProbabilitiesGiveProbabilitiesAndLosses() {
    Predictions predictions =
        Predictions.ofLogProbabilities(
            LABELS, List.of("x"), new int[] {2}, new float[] {-0.5f, -1, -200});

    assertThat(predictions.probabilities(0))
        .containsExactly((float) Math.exp(-0.5), (float) Math.exp(-1), 0);
    assertThat(predictions.predicted(0)).isZero();
    assertThat(predictions.loss(0)).isEqualTo(200);
  }

  @Test
  void mismatchedArgumentsAreRejected() {
    assertThatThrownBy(() -> predictions(new int[] {0}, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> predictions(new int[] {3}, 1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Metrics.compute(predictions(new int[] {})))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
