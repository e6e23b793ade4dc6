package dev.retrain.backbone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

class GraphPassesTest {
  private static final String OLD = "BatchNormWithGlobalNormalization";

  private static GraphDef optimize(GraphSketch sketch, String... kept) {
    return GraphPasses.optimize(sketch.build(), Set.of(kept));
  }

  /** A decomposed normalization as in the file of MobileNet v1. */
  private static GraphSketch decomposed(boolean depthwise) {
    GraphSketch sketch =
        depthwise ? new GraphSketch().depthwise("conv", 1) : new GraphSketch().convolution("conv");
    int channels = depthwise ? 3 : 4;
    sketch
        .variable("beta", channels)
        .variable("gamma", channels)
        .variable("mean", channels)
        .positive("variance", channels)
        .positive("add/y");
    sketch.node("add", "Add", "variance", "add/y");
    sketch.node("rsqrt", "Rsqrt", "add");
    sketch.node("mul", "Mul", "rsqrt", "gamma/read");
    sketch.node("mul_1", "Mul", "conv", "mul");
    sketch.node("mul_2", "Mul", "mean/read", "mul");
    sketch.node("sub", "Sub", "beta/read", "mul_2");
    sketch.node("add_1", "Add", "mul_1", "sub");
    sketch.node("relu", "Relu6", "add_1");
    return sketch;
  }

  private static GraphDef assertFolded(GraphSketch sketch, String convolution, String last) {
    GraphDef optimized = optimize(sketch);
    NodeDef sum = GraphSketch.find(optimized, last);
    assertThat(sum.getOp()).isEqualTo("BiasAdd");
    assertThat(GraphSketch.find(optimized, sum.getInput(1)).getOp()).isEqualTo("Const");
    NodeDef before = GraphSketch.find(optimized, sum.getInput(0));
    assertThat(before.getOp()).isEqualTo(convolution);
    assertThat(before.getInput(0)).isEqualTo("x");
    assertThat(GraphSketch.find(optimized, before.getInput(1)).getOp()).isEqualTo("Const");
    GraphSketch.assertSameValues(sketch.build(), optimized, last);
    assertThat(GraphPasses.optimize(optimized, Set.of())).isSameAs(optimized);
    return optimized;
  }

  @Test
  void decomposedNormalizationIsFolded() {
    assertFolded(decomposed(false), "Conv2D", "add_1");
    assertFolded(decomposed(true), "DepthwiseConv2dNative", "add_1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void globalNormalizationIsFolded(boolean scaled) {
    GraphSketch sketch = parameters(new GraphSketch().convolution("conv"));
    sketch
        .node("norm", OLD, "conv", "mean", "variance", "beta", "gamma")
        .putAttr("variance_epsilon", GraphSketch.number(0.001f))
        .putAttr("scale_after_normalization", GraphSketch.flag(scaled));
    sketch.node("check", "CheckNumerics", "norm").putAttr("message", GraphSketch.text("norm"));
    sketch.node("waiting", "Identity", "norm", "^check");
    sketch.node("relu", "Relu", "waiting");
    GraphDef optimized = assertFolded(sketch, "Conv2D", "norm");
    assertThat(GraphSketch.find(optimized, "relu").getInputList()).containsExactly("norm");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"})
  void fusedNormalizationIsFolded(String op) {
    GraphSketch sketch = parameters(new GraphSketch().convolution("conv"));
    fused(sketch, op, "conv");
    assertFolded(sketch, "Conv2D", "norm");
  }

  @ParameterizedTest
  @ValueSource(strings = {"BiasAdd", "AddV2"})
  void biasAndNormalizationAreMerged(String op) {
    GraphSketch sketch = parameters(new GraphSketch().convolution("conv")).constant("bias", 4);
    sketch.node("biased", op, "conv", "bias");
    fused(sketch, "FusedBatchNormV3", "biased");
    assertFolded(sketch, "Conv2D", "norm");
  }

  @Test
  void keptNodesRemain() {
    for (String kept : new String[] {"conv", "mul_1", "add_1", "mul", "sub", "beta/read"}) {
      GraphSketch sketch = decomposed(false);
      GraphSketch.assertSameValues(sketch.build(), optimize(sketch, kept), kept, "relu", "add_1");
      assertThat(GraphSketch.find(optimize(sketch, kept), kept).getOp()).isNotEqualTo("Const");
    }
  }

  private static GraphSketch parameters(GraphSketch sketch) {
    return sketch
        .constant("mean", 4)
        .positive("variance", 4)
        .constant("beta", 4)
        .constant("gamma", 4);
  }

  private static void fused(GraphSketch sketch, String op, String x) {
    NodeDef.Builder norm =
        sketch
            .node("norm", op, x, "gamma", "beta", "mean", "variance")
            .putAttr("is_training", GraphSketch.flag(false));
    if (!op.equals("FusedBatchNorm")) {
      norm.putAttr("U", GraphSketch.type(DataType.DT_FLOAT));
    }
  }

  @Test
  void otherGraphIsUnchanged() {
    GraphSketch sketch = new GraphSketch().convolution("conv").constant("bias", 4);
    sketch.node("biased", "BiasAdd", "conv", "bias");
    sketch.node("relu", "Relu", "biased");
    GraphDef graph = sketch.build();
    assertThat(GraphPasses.optimize(graph, Set.of())).isSameAs(graph);
    assertThat(GraphPasses.unfixBatchDimension(graph)).isSameAs(graph);
  }
}
