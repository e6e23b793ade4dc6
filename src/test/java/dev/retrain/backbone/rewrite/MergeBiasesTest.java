package dev.retrain.backbone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

class MergeBiasesTest {
  private static GraphSketch twice() {
    GraphSketch sketch =
        new GraphSketch().convolution("conv").constant("bias", 4).variable("shift", 4);
    sketch.node("biased", "BiasAdd", "conv", "bias");
    sketch.node("shifted", "AddV2", "shift/read", "biased");
    sketch.node("relu", "Relu", "shifted");
    return sketch;
  }

  @Test
  void twoSumsAreMerged() {
    GraphDef graph = twice().build();
    GraphDef merged = new MergeBiases().apply(graph, Set.of());
    NodeDef sum = GraphSketch.find(merged, "shifted");
    assertThat(sum.getOp()).isEqualTo("BiasAdd");
    assertThat(sum.getInput(0)).isEqualTo("conv");
    GraphSketch.assertSameValues(graph, merged, "shifted", "relu", "conv");
  }

  @Test
  void sharedOrKeptSumIsUnchanged() {
    GraphDef graph = twice().build();
    assertThat(new MergeBiases().apply(graph, Set.of("biased"))).isSameAs(graph);
    GraphSketch read = twice();
    read.node("reader", "Relu", "biased");
    GraphDef other = read.build();
    assertThat(new MergeBiases().apply(other, Set.of())).isSameAs(other);
  }
}
