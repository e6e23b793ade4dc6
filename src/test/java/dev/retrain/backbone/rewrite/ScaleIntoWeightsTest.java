package dev.retrain.backbone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

class ScaleIntoWeightsTest {
  private static GraphDef scale(GraphDef graph, String... kept) {
    return new ScaleIntoWeights().apply(graph, Set.of(kept));
  }

  private static Sketch scaled(String... operands) {
    Sketch sketch = new Sketch().convolution("conv").variable("scale", 4);
    sketch.node("scaled", "Mul", operands);
    sketch.node("relu", "Relu", "scaled");
    return sketch;
  }

  private static void assertLeftAlone(Sketch sketch, String... kept) {
    GraphDef graph = sketch.build();
    assertThat(scale(graph, kept)).isSameAs(graph);
  }

  @Test
  void theProductBecomesAConvolutionOfItsName() {
    GraphDef graph = scaled("conv", "scale/read").build();
    GraphDef folded = scale(graph);
    assertThat(Sketch.find(folded, "scaled").getOp()).isEqualTo("Conv2D");
    assertThat(folded.getNodeList()).extracting(NodeDef::getName).doesNotContain("conv");
    Sketch.assertSameValues(graph, folded, "scaled", "relu");
  }

  @Test
  void theScaleMayComeFirst() {
    GraphDef graph = scaled("scale", "conv:0").build();
    GraphDef folded = scale(graph);
    assertThat(Sketch.find(folded, "scaled").getOp()).isEqualTo("Conv2D");
    Sketch.assertSameValues(graph, folded, "scaled", "relu");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aDepthwiseConvolutionIsScaledChannelByChannel(int multiplier) {
    Sketch sketch = new Sketch().depthwise("conv", multiplier).constant("scale", 3L * multiplier);
    sketch.node("scaled", "Mul", "conv", "scale");
    GraphDef folded = scale(sketch.build());
    assertThat(Sketch.find(folded, "scaled").getOp()).isEqualTo("DepthwiseConv2dNative");
    Sketch.assertSameValues(sketch.build(), folded, "scaled");
  }

  @Test
  void aConvolutionThatServesAnotherIsLeftAlone() {
    Sketch sketch = scaled("conv", "scale");
    sketch.node("reader", "Relu", "conv");
    assertLeftAlone(sketch);
  }

  @Test
  void aConvolutionOrAScaleThatIsReadAsAVectorIsLeftAlone() {
    assertLeftAlone(scaled("conv", "scale"), "conv");
    assertLeftAlone(scaled("conv", "scale"), "scale");
  }

  @Test
  void aScaleThatIsNotOneValueAChannelIsLeftAlone() {
    for (long[] sizes : new long[][] {{}, {1}, {6, 5, 4}, {1, 1, 1, 4}}) {
      Sketch sketch = new Sketch().convolution("conv").constant("scale", sizes);
      sketch.node("scaled", "Mul", "conv", "scale");
      assertLeftAlone(sketch);
    }
  }

  @Test
  void aSquareIsLeftAlone() {
    assertLeftAlone(scaled("conv", "conv"));
  }

  @Test
  void aScaleThatIsComputedFromThePictureIsLeftAlone() {
    Sketch sketch = new Sketch().convolution("conv");
    sketch.node("squashed", "Sigmoid", "x");
    sketch.node("scaled", "Mul", "conv", "squashed");
    assertLeftAlone(sketch);
  }
}
