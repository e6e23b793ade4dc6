package dev.retrain.backbone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

class FoldScaleIntoConvTest {
  private static GraphDef scale(GraphDef graph, String... kept) {
    return new FoldScaleIntoConv().apply(graph, Set.of(kept));
  }

  private static GraphSketch scaled(String... operands) {
    GraphSketch sketch = new GraphSketch().convolution("conv").variable("scale", 4);
    sketch.node("scaled", "Mul", operands);
    sketch.node("relu", "Relu", "scaled");
    return sketch;
  }

  private static void assertUnchanged(GraphSketch sketch, String... kept) {
    GraphDef graph = sketch.build();
    assertThat(scale(graph, kept)).isSameAs(graph);
  }

  @Test
  void productBecomesAConvolution() {
    GraphDef graph = scaled("conv", "scale/read").build();
    GraphDef folded = scale(graph);
    assertThat(GraphSketch.find(folded, "scaled").getOp()).isEqualTo("Conv2D");
    assertThat(folded.getNodeList()).extracting(NodeDef::getName).doesNotContain("conv");
    GraphSketch.assertSameValues(graph, folded, "scaled", "relu");
  }

  @Test
  void scaleMayBeTheFirstOperand() {
    GraphDef graph = scaled("scale", "conv:0").build();
    GraphDef folded = scale(graph);
    assertThat(GraphSketch.find(folded, "scaled").getOp()).isEqualTo("Conv2D");
    GraphSketch.assertSameValues(graph, folded, "scaled", "relu");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void depthwiseConvolutionIsScaledPerChannel(int multiplier) {
    GraphSketch sketch =
        new GraphSketch().depthwise("conv", multiplier).constant("scale", 3L * multiplier);
    sketch.node("scaled", "Mul", "conv", "scale");
    GraphDef folded = scale(sketch.build());
    assertThat(GraphSketch.find(folded, "scaled").getOp()).isEqualTo("DepthwiseConv2dNative");
    GraphSketch.assertSameValues(sketch.build(), folded, "scaled");
  }

  @Test
  void sharedConvolutionIsUnchanged() {
    GraphSketch sketch = scaled("conv", "scale");
    sketch.node("reader", "Relu", "conv");
    assertUnchanged(sketch);
  }

  @Test
  void keptConvolutionOrScaleIsUnchanged() {
    assertUnchanged(scaled("conv", "scale"), "conv");
    assertUnchanged(scaled("conv", "scale"), "scale");
  }

  @Test
  void scaleOfOtherShapeIsUnchanged() {
    for (long[] sizes : new long[][] {{}, {1}, {6, 5, 4}, {1, 1, 1, 4}}) {
      GraphSketch sketch = new GraphSketch().convolution("conv").constant("scale", sizes);
      sketch.node("scaled", "Mul", "conv", "scale");
      assertUnchanged(sketch);
    }
  }

  @Test
  void squareIsUnchanged() {
    assertUnchanged(scaled("conv", "conv"));
  }

  @Test
  void computedScaleIsUnchanged() {
    GraphSketch sketch = new GraphSketch().convolution("conv");
    sketch.node("squashed", "Sigmoid", "x");
    sketch.node("scaled", "Mul", "conv", "squashed");
    assertUnchanged(sketch);
  }
}
