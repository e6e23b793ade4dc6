package dev.retrain.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadTest {
  @ParameterizedTest
  @CsvSource({"5, 3", "6, 2", "0, 0"})
  void arraysOfWrongLengthAreRejected(int weights, int biases) {
    assertThatThrownBy(() -> new DenseWeights(2, 3, new float[weights], new float[biases]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("6 weights", "3 biases", "%d and %d".formatted(weights, biases));
  }

  @Test
  void layersThatDoNotFitTogetherAreRejected() {
    DenseWeights first = new DenseWeights(2, 3, new float[6], new float[3]);
    DenseWeights second = new DenseWeights(4, 1, new float[4], new float[1]);

    assertThatThrownBy(() -> new Head(List.of(first, second)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("4 inputs", "3 outputs");
  }

  @Test
  void headWithoutLayersIsRejected() {
    assertThatThrownBy(() -> new Head(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sizesAreThoseOfTheFirstAndLastLayer() {
    Head head =
        new Head(
            List.of(
                new DenseWeights(1, 2, new float[2], new float[2]),
                new DenseWeights(2, 3, new float[6], new float[3])));

    assertThat(head.inputs()).isEqualTo(1);
    assertThat(head.classes()).isEqualTo(3);
  }
}
