package dev.retrain.backbone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.GraphDef;

class FoldConstantsTest {
  private static GraphDef fold(GraphDef graph, String... kept) {
    return new FoldConstants().apply(graph, Set.of(kept));
  }

  /** A scale as MobileNet v1 has it: gamma / sqrt(variance + epsilon). */
  private static GraphSketch scale() {
    GraphSketch sketch =
        new GraphSketch().positive("variance", 3).positive("epsilon").variable("gamma", 3);
    sketch.node("sum", "Add", "variance", "epsilon");
    sketch.node("rsqrt", "Rsqrt", "sum");
    sketch.node("scale", "Mul", "rsqrt", "gamma/read");
    sketch.node("scaled", "Mul", "x", "scale");
    return sketch;
  }

  @Test
  void constantExpressionIsComputed() {
    GraphDef graph = scale().build();
    GraphDef folded = fold(graph);
    assertThat(GraphSketch.find(folded, "scale").getOp()).isEqualTo("Const");
    GraphSketch.assertSameValues(graph, folded, "scale", "scaled");
  }

  @Test
  void constantBehindIdentityIsFolded() {
    GraphSketch sketch = scale();
    sketch.node("same", "Identity", "scale");
    sketch.node("again", "Mul", "x", "same");
    GraphDef folded = fold(sketch.build());
    assertThat(GraphSketch.find(folded, "scale").getOp()).isEqualTo("Const");
    GraphSketch.assertSameValues(sketch.build(), folded, "again");
  }

  @Test
  void keptNodeIsNotConstant() {
    GraphDef graph = scale().build();
    GraphDef folded = fold(graph, "rsqrt");
    assertThat(GraphSketch.find(folded, "scale").getOp()).isEqualTo("Mul");
    assertThat(GraphSketch.find(folded, "rsqrt").getOp()).isEqualTo("Rsqrt");
    assertThat(GraphSketch.find(folded, "sum").getOp()).isEqualTo("Const");
    GraphSketch.assertSameValues(graph, folded, "scaled", "rsqrt");
  }

  @Test
  void plainConstantsAreUnchanged() {
    GraphDef graph = new GraphSketch().convolution("conv").build();
    assertThat(fold(graph)).isSameAs(graph);
  }

  @Test
  void controlledNodesAndOtherOpsAreNotFolded() {
    GraphSketch sketch = new GraphSketch().constant("a", 3);
    sketch.node("waits", "Neg", "a", "^x");
    sketch.node("reader", "Mul", "x", "waits");
    sketch.node("other", "Softplus", "a");
    sketch.node("other_reader", "Mul", "x", "other");
    GraphDef graph = sketch.build();
    assertThat(fold(graph)).isSameAs(graph);
  }
}
