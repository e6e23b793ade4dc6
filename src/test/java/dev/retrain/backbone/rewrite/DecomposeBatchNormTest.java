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
  private static GraphDef decompose(GraphDef graph, String... kept) {
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
  void globalNormalizationIsDecomposed(boolean scaled) {
    GraphDef graph = global(scaled).build();
    GraphDef decomposed = decompose(graph);
    assertThat(GraphSketch.ops(decomposed))
        .contains("Mul", "AddV2", "Rsqrt")
        .doesNotContain("BatchNormWithGlobalNormalization");
    GraphSketch.assertSameValues(graph, decomposed, "conv", "norm", "relu");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"})
  void fusedNormalizationIsDecomposed(String op) {
    GraphDef graph = fused(op).build();
    GraphDef decomposed = decompose(graph);
    assertThat(GraphSketch.ops(decomposed)).contains("Mul", "AddV2", "Rsqrt").doesNotContain(op);
    GraphSketch.assertSameValues(graph, decomposed, "conv", "norm", "relu");
  }

  @Test
  void epsilonDefaultsToTensorFlows() {
    // Without variance, epsilon is all there is.
    GraphSketch sketch = parameters(new GraphSketch().convolution("conv")).zeros("zero", 4);
    sketch
        .node("norm", "FusedBatchNorm", "conv", "gamma/read", "beta/read", "mean/read", "zero")
        .putAttr("is_training", GraphSketch.flag(false));
    GraphDef graph = sketch.build();
    GraphDef decomposed = decompose(graph);
    assertThat(decomposed).isNotEqualTo(graph);
    GraphSketch.assertSameValues(graph, decomposed, "norm");
  }

  @Test
  void biasedConvolutionIsAccepted() {
    GraphSketch sketch = parameters(new GraphSketch().convolution("conv")).constant("bias", 4);
    sketch.node("biased", "BiasAdd", "conv", "bias");
    fused(sketch, "FusedBatchNormV3", "biased");
    GraphDef decomposed = decompose(sketch.build());
    assertThat(GraphSketch.ops(decomposed)).doesNotContain("FusedBatchNormV3");
    GraphSketch.assertSameValues(sketch.build(), decomposed, "norm");
  }

  @Test
  void trainingModeIsUnchanged() {
    GraphSketch training = fused("FusedBatchNormV3");
    assertUnchanged(
        withNorm(training, node -> node.putAttr("is_training", GraphSketch.flag(true))));
    assertUnchanged(withNorm(training, node -> node.removeAttr("is_training")));
  }

  @Test
  void channelsFirstIsUnchanged() {
    assertUnchanged(
        withNorm(
            fused("FusedBatchNormV3"),
            node -> node.putAttr("data_format", GraphSketch.text("NCHW"))));
  }

  @Test
  void computedMeanIsUnchanged() {
    assertUnchanged(
        withNorm(fused("FusedBatchNormV3"), node -> node.setInput(3, "relu_of_something")));
  }

  @Test
  void normalizationWithOtherOutputsReadIsUnchanged() {
    GraphSketch sketch = fused("FusedBatchNormV3");
    sketch.node("reader", "Relu", "norm:1");
    assertUnchanged(sketch.build());
    // The vector may be any of its outputs; the old op has but one.
    GraphDef fused = fused("FusedBatchNormV3").build();
    assertThat(decompose(fused, "norm")).isSameAs(fused);
    assertThat(decompose(global(true).build(), "norm")).isNotEqualTo(global(true).build());
  }

  @Test
  void sharedConvolutionIsUnchanged() {
    GraphSketch sketch = fused("FusedBatchNormV3");
    sketch.node("reader", "Relu", "conv");
    assertUnchanged(sketch.build());
  }

  @Test
  void keptConvolutionIsUnchanged() {
    GraphDef graph = global(true).build();
    assertThat(decompose(graph, "conv")).isSameAs(graph);
  }

  @Test
  void normalizationWithoutConvolutionIsUnchanged() {
    GraphSketch sketch = parameters(new GraphSketch().convolution("conv"));
    sketch.node("relu", "Relu", "conv");
    fused(sketch, "FusedBatchNormV3", "relu");
    assertUnchanged(sketch.build());
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

  private static void assertUnchanged(GraphDef graph) {
    assertThat(decompose(graph)).isSameAs(graph);
  }
}
