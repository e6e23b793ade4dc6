package dev.retrain.backbone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;

class ShiftToBiasAddTest {
  private static GraphDef rewrite(GraphDef graph) {
    return new ShiftToBiasAdd().apply(graph, Set.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Add", "AddV2"})
  void sumWithOneValuePerChannelBecomesABiasAdd(String op) {
    GraphSketch sketch = new GraphSketch().convolution("conv").variable("shift", 4);
    sketch.node("sum", op, "shift/read", "conv");
    GraphDef rewritten = rewrite(sketch.build());
    assertThat(GraphSketch.find(rewritten, "sum").getOp()).isEqualTo("BiasAdd");
    GraphSketch.assertSameValues(sketch.build(), rewritten, "sum", "conv");
  }

  @Test
  void depthwiseConvolutionIsAccepted() {
    GraphSketch sketch = new GraphSketch().depthwise("conv", 2).constant("shift", 6);
    sketch.node("sum", "Add", "conv", "shift");
    GraphDef rewritten = rewrite(sketch.build());
    assertThat(GraphSketch.find(rewritten, "sum").getOp()).isEqualTo("BiasAdd");
    GraphSketch.assertSameValues(sketch.build(), rewritten, "sum");
  }

  @Test
  void otherSumsAreUnchanged() {
    GraphSketch sketch =
        new GraphSketch()
            .convolution("conv")
            .convolution("residual")
            .constant("scalar")
            .constant("vector", 4)
            .constant("map", 6, 5, 4);
    sketch.node("with_scalar", "Add", "conv", "scalar");
    sketch.node("with_map", "Add", "conv", "map");
    sketch.node("with_another", "Add", "conv", "residual");
    sketch.node("of_a_relu", "Relu", "conv");
    sketch.node("sum_of_a_relu", "Add", "of_a_relu", "vector");
    sketch.node("biased", "BiasAdd", "conv", "vector");
    GraphDef graph = sketch.build();
    assertThat(rewrite(graph)).isSameAs(graph);
  }
}
