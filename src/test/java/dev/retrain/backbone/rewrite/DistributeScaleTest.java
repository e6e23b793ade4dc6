package dev.retrain.backbone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.GraphDef;

class DistributeScaleTest {
  private static GraphSketch scaledSum() {
    GraphSketch sketch =
        new GraphSketch().convolution("conv").constant("bias", 4).variable("scale", 4);
    sketch.node("biased", "BiasAdd", "conv", "bias");
    sketch.node("product", "Mul", "biased", "scale/read");
    sketch.node("relu", "Relu", "product");
    return sketch;
  }

  @Test
  void scaleAppliesToBothParts() {
    GraphDef graph = scaledSum().build();
    GraphDef distributed = new DistributeScale().apply(graph, Set.of());
    assertThat(GraphSketch.find(distributed, "product").getOp()).isEqualTo("BiasAdd");
    GraphSketch.assertSameValues(graph, distributed, "product", "relu", "conv");
  }

  @Test
  void sharedOrKeptSumIsUnchanged() {
    GraphDef graph = scaledSum().build();
    assertThat(new DistributeScale().apply(graph, Set.of("biased"))).isSameAs(graph);
    GraphSketch read = scaledSum();
    read.node("reader", "Relu", "biased");
    GraphDef other = read.build();
    assertThat(new DistributeScale().apply(other, Set.of())).isSameAs(other);
  }
}
