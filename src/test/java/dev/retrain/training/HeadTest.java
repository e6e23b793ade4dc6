package dev.retrain.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class HeadTest {
  @ParameterizedTest
  @CsvSource({"5, 3", "6, 2", "0, 0"})
  void arraysOfOtherSizesAreRefused(int weights, int biases) {
    assertThatThrownBy(() -> new DenseWeights(2, 3, new float[weights], new float[biases]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("6 weights and 3 biases, not %d and %d".formatted(weights, biases));
  }

  @Test
  void layersThatDoNotFitAreRefused() {
    DenseWeights first = new DenseWeights(2, 3, new float[6], new float[3]);
    DenseWeights second = new DenseWeights(4, 1, new float[4], new float[1]);

    assertThatThrownBy(() -> new Head(List.of(first, second)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("layer 2 takes 4 values, but the one before gives 3");
    assertThatThrownBy(() -> new Head(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hiddenOutputsAreRectifiedAndTheLastAreNot() {
    Head head =
        new Head(
            List.of(
                new DenseWeights(1, 2, new float[] {1, -1}, new float[] {0.5f, 0.25f}),
                new DenseWeights(2, 2, new float[] {2, -3, 5, 7}, new float[] {-100, 1})));
    assertThat(head.inputs()).isEqualTo(1);
    assertThat(head.classes()).isEqualTo(2);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> logits = head.logits(tf, tf.constant(new float[][] {{1}, {-1}}));
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(logits).run()) {
        TFloat32 values = (TFloat32) result.get(0);
        // 1: (1.5, -0.75) is (1.5, 0); -1: (-0.5, 1.25) is (0, 1.25).
        assertThat(values.getFloat(0, 0)).isEqualTo(-97);
        assertThat(values.getFloat(0, 1)).isEqualTo(-3.5f);
        assertThat(values.getFloat(1, 0)).isEqualTo(-93.75f);
        assertThat(values.getFloat(1, 1)).isEqualTo(9.75f);
      }
      assertThat(graph.operation("hidden_1/activations")).isNotNull();
      assertThat(graph.operation("final_layer/pre_activations")).isNotNull();
    }
  }
}
