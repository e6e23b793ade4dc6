package dev.retrain.training.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class HeadOpsTest {
  @Test
  void reluFollowsHiddenLayersOnly() {
    Head head =
        new Head(
            List.of(
                new DenseWeights(1, 2, new float[] {1, -1}, new float[] {0.5f, 0.25f}),
                new DenseWeights(2, 2, new float[] {2, -3, 5, 7}, new float[] {-100, 1})));
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> logits = HeadOps.logits(tf, head, tf.constant(new float[][] {{1}, {-1}}));
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(logits).run()) {
        TFloat32 values = (TFloat32) result.get(0);
        // For 1, (1.5, -0.75) becomes (1.5, 0); for -1, (-0.5, 1.25) becomes (0, 1.25).
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
