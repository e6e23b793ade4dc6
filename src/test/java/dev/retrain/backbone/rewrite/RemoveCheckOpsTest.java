package dev.retrain.backbone.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

class RemoveCheckOpsTest {
  private static GraphDef skip(GraphDef graph, String... kept) {
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
  void aCheckAndTheIdentityThatWaitsForItAreSkipped() {
    GraphDef graph = checked().build();
    GraphDef skipped = skip(graph);
    assertThat(GraphSketch.ops(skipped)).containsExactly("Conv2D", "Placeholder", "Relu");
    assertThat(GraphSketch.find(skipped, "relu").getInputList()).containsExactly("conv");
    GraphSketch.assertSameValues(graph, skipped, "relu", "conv");
  }

  @Test
  void anIdentityThatIsReadAsAVectorStaysAndWaitsNoMore() {
    GraphDef skipped = skip(checked().build(), "waiting");
    assertThat(GraphSketch.find(skipped, "waiting").getInputList()).containsExactly("conv");
    assertThat(skipped.getNodeList()).extracting(NodeDef::getName).doesNotContain("check");
  }

  @Test
  void aCheckThatIsReadAsAVectorStays() {
    GraphDef graph = checked().build();
    assertThat(skip(graph, "check")).isSameAs(graph);
  }

  @Test
  void aCheckOrAStopInTheWayIsSkipped() {
    GraphSketch sketch = new GraphSketch().convolution("conv");
    sketch.node("check", "CheckNumerics", "conv").putAttr("message", GraphSketch.text("conv"));
    sketch.node("stop", "StopGradient", "check:0");
    sketch.node("relu", "Relu", "stop");
    GraphDef skipped = skip(sketch.build());
    assertThat(GraphSketch.find(skipped, "relu").getInputList()).containsExactly("conv");
    GraphSketch.assertSameValues(sketch.build(), skipped, "relu");
  }

  @Test
  void anAssertIsSkipped() {
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
    GraphDef skipped = skip(sketch.build());
    assertThat(GraphSketch.find(skipped, "relu").getInputList()).containsExactly("conv");
    assertThat(GraphSketch.ops(skipped)).doesNotContain("Assert");
  }

  @Test
  void waitingForAnythingElseStays() {
    GraphSketch sketch = new GraphSketch().convolution("conv");
    sketch.node("other", "Relu", "x");
    sketch.node("waiting", "Identity", "conv", "^other");
    sketch.node("relu", "Relu", "waiting");
    GraphDef graph = sketch.build();
    assertThat(skip(graph)).isSameAs(graph);
  }

  @Test
  void aControlInputFromSomethingSkippedComesFromWhatItRead() {
    GraphSketch sketch = new GraphSketch().convolution("conv");
    sketch.node("stop", "StopGradient", "conv");
    sketch.node("relu", "Relu", "x", "^stop");
    assertThat(GraphSketch.find(skip(sketch.build()), "relu").getInputList())
        .containsExactly("x", "^conv");
  }
}
