package dev.retrain.backbone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.GraphDef;

class ScaleBeforeBiasTest {
  private static Sketch scaledSum() {
    Sketch sketch = new Sketch().convolution("conv").constant("bias", 4).variable("scale", 4);
    sketch.node("biased", "BiasAdd", "conv", "bias");
    sketch.node("product", "Mul", "biased", "scale/read");
    sketch.node("relu", "Relu", "product");
    return sketch;
  }

  @Test
  void theScaleGoesToBothParts() {
    GraphDef graph = scaledSum().build();
    GraphDef swapped = new ScaleBeforeBias().apply(graph, Set.of());
    assertThat(Sketch.find(swapped, "product").getOp()).isEqualTo("BiasAdd");
    Sketch.assertSameValues(graph, swapped, "product", "relu", "conv");
  }

  @Test
  void aSumThatServesAnotherOrIsReadAsAVectorIsLeftAlone() {
    GraphDef graph = scaledSum().build();
    assertThat(new ScaleBeforeBias().apply(graph, Set.of("biased"))).isSameAs(graph);
    Sketch read = scaledSum();
    read.node("reader", "Relu", "biased");
    GraphDef other = read.build();
    assertThat(new ScaleBeforeBias().apply(other, Set.of())).isSameAs(other);
  }
}
