package dev.retrain.training;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoftmaxLayerTest {
  @ParameterizedTest
  @CsvSource({"5, 3", "6, 2", "0, 0"})
  void arraysOfOtherSizesAreRefused(int weights, int biases) {
    assertThatThrownBy(() -> new SoftmaxLayer(2, 3, new float[weights], new float[biases]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("6 weights and 3 biases, not %d and %d".formatted(weights, biases));
  }
}
