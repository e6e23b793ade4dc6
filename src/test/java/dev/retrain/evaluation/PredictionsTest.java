package dev.retrain.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionsTest {
  private static final List<String> LABELS = List.of("a", "b", "c");

  private static Predictions of(int[] actual, float... probabilities) {
    List<String> names =
        java.util.stream.IntStream.range(0, actual.length).mapToObj(i -> "x/" + i).toList();
    return new Predictions(LABELS, names, actual, probabilities);
  }

  @Test
  void theMostProbableClassIsPredictedAndOfEqualOnesTheFirst() {
    Predictions predictions = of(new int[] {2, 0}, 0.1f, 0.2f, 0.7f, 0.2f, 0.4f, 0.4f);

    assertThat(predictions.predicted(0)).isEqualTo(2);
    assertThat(predictions.confidence(0)).isEqualTo(0.7f);
    assertThat(predictions.right(0)).isTrue();
    assertThat(predictions.predicted(1)).isEqualTo(1);
    assertThat(predictions.right(1)).isFalse();
    assertThat(predictions.top(1, 2)).containsExactly(1, 2);
    assertThat(predictions.top(0, 9)).containsExactly(2, 1, 0);
    assertThat(predictions.name(1)).isEqualTo("x/1");
    assertThat(predictions.probabilities(1)).containsExactly(0.2f, 0.4f, 0.4f);
  }

  @Test
  void mistakesComeTheSurestFirst() {
    Predictions predictions =
        of(
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

    assertThat(predictions.mistakes()).containsExactly(4, 1, 3, 0);
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    assertThatThrownBy(() -> of(new int[] {0}, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> of(new int[] {3}, 1, 0, 0)).hasMessageContaining("no class 3");
    assertThatThrownBy(() -> Metrics.compute(of(new int[] {})))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
