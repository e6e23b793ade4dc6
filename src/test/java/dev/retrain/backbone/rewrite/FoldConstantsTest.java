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
  private static Sketch scale() {
    Sketch sketch = new Sketch().positive("variance", 3).positive("epsilon").variable("gamma", 3);
    sketch.node("sum", "Add", "variance", "epsilon");
    sketch.node("rsqrt", "Rsqrt", "sum");
    sketch.node("scale", "Mul", "rsqrt", "gamma/read");
    sketch.node("scaled", "Mul", "x", "scale");
    return sketch;
  }

  @Test
  void whatDependsOnConstantsAloneIsComputed() {
    GraphDef graph = scale().build();
    GraphDef folded = fold(graph);
    assertThat(Sketch.find(folded, "scale").getOp()).isEqualTo("Const");
    Sketch.assertSameValues(graph, folded, "scale", "scaled");
  }

  @Test
  void itIsFoundBehindAnIdentity() {
    Sketch sketch = scale();
    sketch.node("same", "Identity", "scale");
    sketch.node("again", "Mul", "x", "same");
    GraphDef folded = fold(sketch.build());
    assertThat(Sketch.find(folded, "scale").getOp()).isEqualTo("Const");
    Sketch.assertSameValues(sketch.build(), folded, "again");
  }

  @Test
  void whereSomethingElseIsFedItIsNoConstant() {
    GraphDef graph = scale().build();
    GraphDef folded = fold(graph, "rsqrt");
    assertThat(Sketch.find(folded, "scale").getOp()).isEqualTo("Mul");
    assertThat(Sketch.find(folded, "rsqrt").getOp()).isEqualTo("Rsqrt");
    assertThat(Sketch.find(folded, "sum").getOp()).isEqualTo("Const");
    Sketch.assertSameValues(graph, folded, "scaled", "rsqrt");
  }

  @Test
  void constantsThatAreReadAsTheyAreNeedNoWork() {
    GraphDef graph = new Sketch().convolution("conv").build();
    assertThat(fold(graph)).isSameAs(graph);
  }

  @Test
  void whatWaitsForSomethingOrIsNoSimpleArithmeticIsNotFolded() {
    Sketch sketch = new Sketch().constant("a", 3);
    sketch.node("waits", "Neg", "a", "^x");
    sketch.node("reader", "Mul", "x", "waits");
    sketch.node("other", "Softplus", "a");
    sketch.node("other_reader", "Mul", "x", "other");
    GraphDef graph = sketch.build();
    assertThat(fold(graph)).isSameAs(graph);
  }
}
