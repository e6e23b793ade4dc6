package dev.retrain.backbone.describe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.retrain.backbone.describe.GraphDescription.Block;
import dev.retrain.testing.Graphs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

class GraphDescriberTest {
  private static Operand<TFloat32> conv(
      Ops tf, String name, Operand<TFloat32> x, int size, int inputs, int outputs) {
    return tf.withName(name)
        .nn
        .conv2d(
            x,
            tf.withName(name + "__weights").constant(new float[size][size][inputs][outputs]),
            List.of(1L, 1L, 1L, 1L),
            "SAME");
  }

  /** A convolution, a residual block of two convolutions, pooling and a dense layer. */
  private static GraphDef residual() {
    return Graphs.ofScoped(
        tf -> {
          Operand<TFloat32> stem =
              tf.withName("stem__relu")
                  .nn
                  .relu(conv(tf, "stem", Graphs.images(tf, "images", 10, 20), 3, 3, 8));
          Operand<TFloat32> branch =
              conv(tf, "b", tf.withName("a__relu").nn.relu(conv(tf, "a", stem, 1, 8, 4)), 3, 4, 8);
          Operand<TFloat32> sum = tf.withName("sum").math.add(stem, branch);
          Operand<TFloat32> pool =
              tf.withName("pool").math.mean(sum, tf.constant(new int[] {1, 2}));
          tf.withName("probabilities")
              .nn
              .softmax(tf.withName("dense").linalg.matMul(pool, tf.constant(new float[8][5])));
        });
  }

  private static GraphDescription describe(GraphDef graph) {
    return GraphDescriber.describe(graph, Optional.empty(), Optional.empty(), false);
  }

  @Test
  void residualBlockIsNotCut() {
    GraphDescription description = describe(residual());
    assertThat(description.blocks())
        .extracting(block -> block.end().name(), Block::layers, Block::parameters)
        .containsExactly(
            tuple("stem/relu:0", 1, 216L),
            tuple("pool:0", 2, 320L),
            tuple("probabilities:0", 1, 40L));
    assertThat(description.blocks())
        .extracting(Block::multiplyAdds)
        .containsExactly(200L * 216, 200L * 320, 40L);
    assertThat(description.multiplyAdds()).isEqualTo(200L * 216 + 200 * 320 + 40);
    assertThat(description.parameters()).isEqualTo(576);
    assertThat(description.uncounted()).isEmpty();
  }

  @Test
  void featuresAreTensorsWithChannels() {
    assertThat(describe(residual()).features())
        .extracting(TensorDescription::name, TensorDescription::shapeText)
        .containsExactly(tuple("stem/relu:0", "[?, 10, 20, 8]"), tuple("pool:0", "[?, 8]"));
  }

  @Test
  void inputsAndOutputsAreListed() {
    GraphDescription description = describe(residual());
    assertThat(description.inputs())
        .containsExactly(
            new TensorDescription("images:0", "float32", Optional.of(List.of(-1L, 10L, 20L, 3L))));
    assertThat(description.outputs())
        .containsExactly(
            new TensorDescription("probabilities:0", "float32", Optional.of(List.of(-1L, 5L))));
    assertThat(description.ops()).containsEntry("Conv2D", 3).containsEntry("Relu", 2);
  }

  @Test
  void refusedGraphIsNotLoaded() {
    GraphDescription description =
        GraphDescriber.describe(residual(), Optional.empty(), Optional.empty(), true);
    assertThat(description.shapesProblem()).isPresent();
    assertThat(description.uncounted()).contains("Conv2D");
    assertThat(description.parameters()).isEqualTo(576);
  }
}
