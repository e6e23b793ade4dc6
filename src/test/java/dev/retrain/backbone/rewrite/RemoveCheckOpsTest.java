package dev.retrain.backbone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

class RemoveCheckOpsTest {
  private static GraphDef remove(GraphDef graph, String... kept) {
    return new RemoveCheckOps().apply(graph, Set.of(kept));
  }

  /** A Relu behind an Identity that waits for a CheckNumerics, as all of 2015 are. */
  private static GraphSketch checked() {
    GraphSketch sketch = new GraphSketch().convolution("conv");
    sketch.node("check", "CheckNumerics", "conv").putAttr("message", GraphSketch.text("conv"));
    sketch.node("waiting", "Identity", "conv", "^check");
    sketch.node("relu", "Relu", "waiting");
    return sketch;
  }

  @Test
  void checkAndControlledIdentityAreRemoved() {
    GraphDef graph = checked().build();
    GraphDef removed = remove(graph);
    assertThat(GraphSketch.ops(removed)).containsExactly("Conv2D", "Placeholder", "Relu");
    assertThat(GraphSketch.find(removed, "relu").getInputList()).containsExactly("conv");
    GraphSketch.assertSameValues(graph, removed, "relu", "conv");
  }

  @Test
  void keptIdentityLosesItsControlInput() {
    GraphDef removed = remove(checked().build(), "waiting");
    assertThat(GraphSketch.find(removed, "waiting").getInputList()).containsExactly("conv");
    assertThat(removed.getNodeList()).extracting(NodeDef::getName).doesNotContain("check");
  }

  @Test
  void keptCheckRemains() {
    GraphDef graph = checked().build();
    assertThat(remove(graph, "check")).isSameAs(graph);
  }

  @Test
  void checkBetweenNodesIsRemoved() {
    GraphSketch sketch = new GraphSketch().convolution("conv");
    sketch.node("check", "CheckNumerics", "conv").putAttr("message", GraphSketch.text("conv"));
    sketch.node("stop", "StopGradient", "check:0");
    sketch.node("relu", "Relu", "stop");
    GraphDef removed = remove(sketch.build());
    assertThat(GraphSketch.find(removed, "relu").getInputList()).containsExactly("conv");
    GraphSketch.assertSameValues(sketch.build(), removed, "relu");
  }

  @Test
  void assertIsRemoved() {
    GraphSketch sketch = new GraphSketch().convolution("conv");
    sketch.node("relu", "Relu", "conv", "^assert");
    sketch.node("condition", "IsFinite", "conv");
    sketch
        .node("assert", "Assert", "condition", "conv")
        .putAttr(
            "T",
            AttrValue.newBuilder()
                .setList(AttrValue.ListValue.newBuilder().addType(DataType.DT_FLOAT))
                .build());
    GraphDef removed = remove(sketch.build());
    assertThat(GraphSketch.find(removed, "relu").getInputList()).containsExactly("conv");
    assertThat(GraphSketch.ops(removed)).doesNotContain("Assert");
  }

  @Test
  void otherControlInputsRemain() {
    GraphSketch sketch = new GraphSketch().convolution("conv");
    sketch.node("other", "Relu", "x");
    sketch.node("waiting", "Identity", "conv", "^other");
    sketch.node("relu", "Relu", "waiting");
    GraphDef graph = sketch.build();
    assertThat(remove(graph)).isSameAs(graph);
  }

  @Test
  void controlInputOfARemovedNodeIsReplaced() {
    GraphSketch sketch = new GraphSketch().convolution("conv");
    sketch.node("stop", "StopGradient", "conv");
    sketch.node("relu", "Relu", "x", "^stop");
    assertThat(GraphSketch.find(remove(sketch.build()), "relu").getInputList())
        .containsExactly("x", "^conv");
  }
}
