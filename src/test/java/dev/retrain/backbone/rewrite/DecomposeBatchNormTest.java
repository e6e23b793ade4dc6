package dev.retrain.backbone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

class DecomposeBatchNormTest {
  private static GraphDef spell(GraphDef graph, String... kept) {
    return new DecomposeBatchNorm().apply(graph, Set.of(kept));
  }

  private static GraphSketch parameters(GraphSketch sketch) {
    return sketch
        .variable("mean", 4)
        .positive("variance", 4)
        .variable("beta", 4)
        .variable("gamma", 4);
  }

  private static GraphSketch global(boolean scaled) {
    GraphSketch sketch = parameters(new GraphSketch().convolution("conv"));
    sketch
        .node(
            "norm",
            "BatchNormWithGlobalNormalization",
            "conv",
            "mean/read",
            "variance",
            "beta/read",
            "gamma/read")
        .putAttr("variance_epsilon", GraphSketch.number(0.25f))
        .putAttr("scale_after_normalization", GraphSketch.flag(scaled));
    sketch.node("relu", "Relu", "norm");
    return sketch;
  }

  private static NodeDef.Builder fused(GraphSketch sketch, String op, String x) {
    NodeDef.Builder norm =
        sketch
            .node("norm", op, x, "gamma/read", "beta/read", "mean/read", "variance")
            .putAttr("is_training", GraphSketch.flag(false));
    return op.equals("FusedBatchNorm")
        ? norm
        : norm.putAttr("U", GraphSketch.type(DataType.DT_FLOAT));
  }

  private static GraphSketch fused(String op) {
    GraphSketch sketch = parameters(new GraphSketch().convolution("conv"));
    fused(sketch, op, "conv").putAttr("epsilon", GraphSketch.number(0.25f));
    sketch.node("relu", "Relu", "norm:0");
    return sketch;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theOldOpIsSpelledOut(boolean scaled) {
    GraphDef graph = global(scaled).build();
    GraphDef spelled = spell(graph);
    assertThat(GraphSketch.ops(spelled))
        .contains("Mul", "AddV2", "Rsqrt")
        .doesNotContain("BatchNormWithGlobalNormalization");
    GraphSketch.assertSameValues(graph, spelled, "conv", "norm", "relu");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"})
  void theFusedOpsAreSpelledOut(String op) {
    GraphDef graph = fused(op).build();
    GraphDef spelled = spell(graph);
    assertThat(GraphSketch.ops(spelled)).contains("Mul", "AddV2", "Rsqrt").doesNotContain(op);
    GraphSketch.assertSameValues(graph, spelled, "conv", "norm", "relu");
  }

  @Test
  void anEpsilonThatIsNotGivenIsTensorFlows() {
    // Without variance, epsilon is all there is.
    GraphSketch sketch = parameters(new GraphSketch().convolution("conv")).zeros("zero", 4);
    sketch
        .node("norm", "FusedBatchNorm", "conv", "gamma/read", "beta/read", "mean/read", "zero")
        .putAttr("is_training", GraphSketch.flag(false));
    GraphDef graph = sketch.build();
    GraphDef spelled = spell(graph);
    assertThat(spelled).isNotEqualTo(graph);
    GraphSketch.assertSameValues(graph, spelled, "norm");
  }

  @Test
  void aConvolutionWithABiasIsTaken() {
    GraphSketch sketch = parameters(new GraphSketch().convolution("conv")).constant("bias", 4);
    sketch.node("biased", "BiasAdd", "conv", "bias");
    fused(sketch, "FusedBatchNormV3", "biased");
    GraphDef spelled = spell(sketch.build());
    assertThat(GraphSketch.ops(spelled)).doesNotContain("FusedBatchNormV3");
    GraphSketch.assertSameValues(sketch.build(), spelled, "norm");
  }

  @Test
  void whatTrainsIsLeftAlone() {
    GraphSketch training = fused("FusedBatchNormV3");
    assertLeftAlone(
        withNorm(training, node -> node.putAttr("is_training", GraphSketch.flag(true))));
    assertLeftAlone(withNorm(training, node -> node.removeAttr("is_training")));
  }

  @Test
  void channelsFirstAreLeftAlone() {
    assertLeftAlone(
        withNorm(
            fused("FusedBatchNormV3"),
            node -> node.putAttr("data_format", GraphSketch.text("NCHW"))));
  }

  @Test
  void aMeanThatIsComputedIsLeftAlone() {
    assertLeftAlone(
        withNorm(fused("FusedBatchNormV3"), node -> node.setInput(3, "relu_of_something")));
  }

  @Test
  void whoseOtherOutputsAreReadIsLeftAlone() {
    GraphSketch sketch = fused("FusedBatchNormV3");
    sketch.node("reader", "Relu", "norm:1");
    assertLeftAlone(sketch.build());
    // The vector may be any of its outputs; the old op has but one.
    GraphDef fused = fused("FusedBatchNormV3").build();
    assertThat(spell(fused, "norm")).isSameAs(fused);
    assertThat(spell(global(true).build(), "norm")).isNotEqualTo(global(true).build());
  }

  @Test
  void aConvolutionThatServesAnotherIsLeftAlone() {
    GraphSketch sketch = fused("FusedBatchNormV3");
    sketch.node("reader", "Relu", "conv");
    assertLeftAlone(sketch.build());
  }

  @Test
  void aConvolutionThatIsReadAsAVectorIsLeftAlone() {
    GraphDef graph = global(true).build();
    assertThat(spell(graph, "conv")).isSameAs(graph);
  }

  @Test
  void withoutAConvolutionItIsLeftAlone() {
    GraphSketch sketch = parameters(new GraphSketch().convolution("conv"));
    sketch.node("relu", "Relu", "conv");
    fused(sketch, "FusedBatchNormV3", "relu");
    assertLeftAlone(sketch.build());
  }

  private static GraphDef withNorm(GraphSketch sketch, Consumer<NodeDef.Builder> change) {
    GraphDef.Builder graph = sketch.build().toBuilder();
    for (NodeDef.Builder node : graph.getNodeBuilderList()) {
      if (node.getName().equals("norm")) {
        change.accept(node);
      }
    }
    return graph.build();
  }

  private static void assertLeftAlone(GraphDef graph) {
    assertThat(spell(graph)).isSameAs(graph);
  }
}
