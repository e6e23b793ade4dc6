package dev.retrain.backbone.guard;

import static dev.retrain.backbone.guard.HostileGraph.call;
import static dev.retrain.backbone.guard.HostileGraph.changed;
import static dev.retrain.backbone.guard.HostileGraph.content;
import static dev.retrain.backbone.guard.HostileGraph.floats;
import static dev.retrain.backbone.guard.HostileGraph.func;
import static dev.retrain.backbone.guard.HostileGraph.function;
import static dev.retrain.backbone.guard.HostileGraph.ints;
import static dev.retrain.backbone.guard.HostileGraph.node;
import static dev.retrain.backbone.guard.HostileGraph.scalar;
import static dev.retrain.backbone.guard.HostileGraph.shape;
import static dev.retrain.backbone.guard.HostileGraph.string;
import static dev.retrain.backbone.guard.HostileGraph.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.ComputeOptions;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/** Graphs that must not run: each ends in one clear error, before TensorFlow runs anything. */
class HostileGraphsTest {
  private static Backbone backbone(GraphDef graph, boolean optimized) {
    return new Backbone(
            "evil.pb", graph, "ab12", "images:0", List.of("pool:0"), new Preprocessing(4, 4, 0, 1))
        .with(new ComputeOptions(optimized, ComputeOptions.DEFAULT.precision()));
  }

  private static RetrainException refusal(GraphDef graph, boolean optimized) {
    return catchThrowableOfType(
        RetrainException.class, () -> new BackboneSession(backbone(graph, optimized)).close());
  }

  /** Ops with effects, loops and unknown ops. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ReadFile",
        "WriteFile",
        "MatchingFiles",
        "Save",
        "SaveSlices",
        "SaveV2",
        "Restore",
        "RestoreV2",
        "MergeV2Checkpoints",
        "ImmutableConst",
        "PyFunc",
        "PyFuncStateless",
        "EagerPyFunc",
        "Print",
        "PrintV2",
        "Abort",
        "Assert",
        "DebugIdentity",
        "DebugIdentityV2",
        "DebugNanCount",
        "FIFOQueueV2",
        "QueueDequeueV2",
        "TextLineReaderV2",
        "ReaderReadV2",
        "TFRecordDataset",
        "IteratorV2",
        "IteratorGetNext",
        "AssignVariableOp",
        "VarIsInitializedOp",
        "Assign",
        "RefEnter",
        "TensorListPushBack",
        "HashTableV2",
        "InitializeTableFromTextFileV2",
        "TensorArrayV3",
        "StackV2",
        "Barrier",
        "SymbolicGradient",
        "RemoteCall",
        "RpcClient",
        "CollectiveReduce",
        "_Send",
        "_Recv",
        "ConfigureDistributedTPU",
        "CreateSummaryFileWriter",
        "RandomUniform",
        "StatelessRandomUniform",
        "While",
        "StatelessWhile",
        "For",
        "Enter",
        "NextIteration",
        "Timestamp",
        "NoSuchOp",
        "readfile",
      })
  void opIsRefused(String op) {
    for (GraphDef graph :
        List.of(
            with(node("evil", op)),
            changed(
                g ->
                    g.function(function("inner", node("evil", op))).run(call("outer", "inner"))))) {
      RetrainException refusal = refusal(graph, true);
      assertThat(refusal).hasMessageContainingAll("evil.pb", "'" + op + "'", "node 'evil'");
      assertThat(refusal.settings()).containsExactly(Setting.TRUST_GRAPH);
      if (graph.getLibrary().getFunctionCount() > 0) {
        assertThat(refusal).hasMessageContaining("function 'inner'");
      }
    }
  }

  /** A graph that is not frozen can't run even if it is trusted. */
  @ParameterizedTest
  @ValueSource(strings = {"Variable", "VariableV2", "VarHandleOp", "ReadVariableOp"})
  void variableIsRefused(String op) {
    GraphDef graph = with(node("weights", op));
    for (Backbone backbone :
        List.of(backbone(graph, true), backbone(graph, true).withTrustedGraph(true))) {
      assertThatThrownBy(() -> new BackboneSession(backbone).close())
          .isInstanceOf(RetrainException.class)
          .hasMessageContainingAll(
              "evil.pb", "not frozen", "'weights'", "'" + op + "'", "Freeze", "freeze_graph");
    }
  }

  private static Arguments graph(String name, Consumer<HostileGraph> change, String... contained) {
    return arguments(name, changed(change), List.of(contained));
  }

  private static Stream<Arguments> functions() {
    NodeDef.Builder read = node("evil", "ReadFile");
    return Stream.of(
        graph(
            "op in a function of a function",
            g ->
                g.function(function("b", read))
                    .function(function("a", call("b", "b").setInput(0, "x")))
                    .run(call("a", "a")),
            "ReadFile",
            "function 'b'"),
        graph(
            "op in a branch",
            g ->
                g.function(function("good"))
                    .function(function("bad", read))
                    .run(
                        node("branch", "If", "images", "images")
                            .putAttr("then_branch", func("good"))
                            .putAttr("else_branch", func("bad"))),
            "ReadFile",
            "function 'bad'"),
        graph(
            "op in one of a list of branches",
            g ->
                g.function(function("bad", read))
                    .run(
                        node("branch", "Case", "axes", "images")
                            .putAttr(
                                "branches",
                                AttrValue.newBuilder()
                                    .setList(
                                        AttrValue.ListValue.newBuilder()
                                            .addFunc(NameAttrList.newBuilder().setName("bad")))
                                    .build())),
            "ReadFile",
            "function 'bad'"),
        graph(
            "op in a function that is called by its name",
            g -> g.function(function("bad", read)).run(node("a", "bad", "images")),
            "ReadFile",
            "function 'bad'"),
        graph(
            "op in a function that is passed to a function",
            g ->
                g.function(function("bad", read))
                    .function(function("good"))
                    .run(
                        call("a", "good")
                            .putAttr(
                                "f",
                                AttrValue.newBuilder()
                                    .setFunc(
                                        NameAttrList.newBuilder()
                                            .setName("good")
                                            .putAttr("g", func("bad")))
                                    .build())),
            "ReadFile",
            "function 'bad'"),
        graph(
            "op in an alternative implementation",
            g ->
                g.function(function("good").putAttr("api_implements", string("f")))
                    .function(function("bad", read).putAttr("api_implements", string("f")))
                    .run(call("a", "good")),
            "ReadFile",
            "function 'bad'"),
        graph("missing function", g -> g.run(call("a", "absent")), "node 'a'", "'absent'"),
        graph(
            "two functions of one name",
            g -> g.function(function("f")).function(function("f")).run(call("a", "f")),
            "two functions 'f'"),
        graph(
            "function that calls itself",
            g -> g.function(function("f", call("a", "f").setInput(0, "x"))).run(call("a", "f")),
            "'f' calls itself"),
        graph(
            "functions that call each other",
            g ->
                g.function(function("f", call("a", "g").setInput(0, "x")))
                    .function(function("g", call("a", "f").setInput(0, "x")))
                    .run(call("a", "f")),
            "calls itself"),
        graph("10,000 nested functions", g -> nested(g, 10_000, 1), "100 deep"),
        graph("2^40 nodes after calls are replaced", g -> nested(g, 40, 2), "1,000,000 nodes"),
        graph(
            "cycle in a function",
            g ->
                g.function(function("f", identity("a", "b:output:0"), identity("b", "a:output:0")))
                    .run(call("c", "f")),
            "depends on itself",
            "function 'f'"),
        graph(
            "missing input in a function",
            g -> g.function(function("f", identity("a", "images"))).run(call("c", "f")),
            "'images'",
            "function 'f'"),
        graph(
            "constant that is small, in a function that is called often",
            g -> {
              g.function(function("f", floats("c", 1 << 20)));
              for (int i = 0; i < 600; i++) {
                g.run(call("a" + i, "f"));
              }
            },
            "2,147,483,648 bytes"));
  }

  /** Functions that each call the next one, which does nothing in the end. */
  private static void nested(HostileGraph graph, int depth, int calls) {
    for (int i = 0; i < depth; i++) {
      NodeDef.Builder[] nodes = new NodeDef.Builder[calls];
      for (int j = 0; j < calls; j++) {
        nodes[j] = call("call" + j, "f" + (i + 1)).setInput(0, "x");
      }
      graph.function(function("f" + i, nodes));
    }
    graph.function(function("f" + depth, identity("end", "x"))).run(call("start", "f0"));
  }

  private static NodeDef.Builder identity(String name, String input) {
    return NodeDefs.floats(name, "Identity", input);
  }

  private static Stream<Arguments> structures() {
    String longName = "n".repeat(70_000);
    return Stream.of(
        graph(
            "two nodes of one name",
            g -> g.run(identity("a", "images")).add(identity("a", "images")),
            "node 'a'"),
        graph("missing input", g -> g.run(identity("a", "b:1")), "node 'a'", "'b:1'"),
        graph("missing control input", g -> g.run(identity("a", "images").addInput("^b")), "'^b'"),
        graph("node that reads itself", g -> g.run(identity("a", "a")), "node 'a'", "itself"),
        graph(
            "cycle of two nodes",
            g -> g.run(identity("a", "b")).add(identity("b", "a")).poolFrom("a"),
            "depends on itself"),
        graph(
            "cycle of control inputs",
            g -> g.run(node("a", "NoOp", "^b")).add(node("b", "NoOp", "^a")),
            "depends on itself"),
        graph(
            "cycle through Merge without a loop",
            g ->
                g.run(NodeDefs.floats("a", "Merge", "images", "b").putAttr("N", number(2)))
                    .add(identity("b", "a")),
            "depends on itself"),
        graph("name of 70,000 bytes", g -> g.run(identity(longName, "images")), "65,535"),
        graph("op of 70,000 bytes", g -> g.run(node("a", longName)), "node 'a'", "65,535"),
        graph("input of 70,000 bytes", g -> g.run(identity("a", longName)), "65,535"),
        graph(
            "attribute of 70,000 bytes",
            g -> g.run(identity("a", "images").putAttr(longName, number(1))),
            "65,535"),
        graph("node without a name", g -> g.run(node("", "NoOp").addInput("^")), "name"),
        graph("node without an op", g -> g.run(node("a", "")), "'a'"),
        graph("control characters", g -> g.run(node("\u001b[31m", "Evil")), "\\u001b[31m"),
        graph("Identity without an input", g -> g.run(node("a", "Identity")), "Identity"),
        graph(
            "Identity without an input, read",
            g -> g.add(identity("a", "images").clearInput()).poolFrom("a"),
            "Identity"),
        graph(
            "Reshape with one input",
            g -> g.add(NodeDefs.floats("a", "Reshape", "images")).poolFrom("a"),
            "Reshape"),
        graph(
            "StopGradient without an input",
            g -> g.add(NodeDefs.floats("a", "StopGradient")).poolFrom("a"),
            "StopGradient"),
        graph(
            "Mul with one input",
            g -> g.add(NodeDefs.floats("a", "Mul", "images")).poolFrom("a"),
            "Mul"),
        graph("Const without a value", g -> g.run(node("a", "Const")), "Const"),
        graph(
            "attribute of another type",
            g -> g.run(identity("a", "images").putAttr("T", string("float"))),
            "type"),
        graph(
            "type that doesn't exist",
            g ->
                g.run(
                    identity("a", "images")
                        .putAttr("T", AttrValue.newBuilder().setTypeValue(4711).build())),
            "4711"),
        graph(
            "input of another type",
            g -> g.run(NodeDefs.floats("a", "Relu", "axes")),
            "int32",
            "float"),
        graph("output that doesn't exist", g -> g.run(identity("a", "images:7")), "images"),
        graph(
            "convolution without strides",
            g ->
                g.add(floats("w", 1, 1, 3, 3))
                    .add(NodeDefs.floats("a", "Conv2D", "images", "w"))
                    .poolFrom("a"),
            "Conv2D"),
        graph("rank of 300", g -> g.run(floats("a", new long[300])), "300"));
  }

  private static AttrValue number(long value) {
    return AttrValue.newBuilder().setI(value).build();
  }

  private static NodeDef.Builder sized(String op, String... inputs) {
    return NodeDefs.floats("big", op, inputs);
  }

  private static Stream<Arguments> sizes() {
    int k = 1 << 16;
    String limit = "2,147,483,648 bytes";
    return Stream.of(
        graph("content is too short", g -> g.run(content("c", 8, 100)), "'c'", "8 bytes", "400"),
        graph("content is too long", g -> g.run(content("c", 800, 100)), "'c'", "800", "400"),
        graph("negative size", g -> g.run(floats("c", 3, -7)), "node 'c'", "-7"),
        graph("unknown size", g -> g.run(floats("c", 3, -1)), "node 'c'", "unknown"),
        graph("2^40 elements of one value", g -> g.run(floats("c", 1 << 20, 1 << 20)), limit),
        graph("elements overflow to 0", g -> g.run(floats("c", 1L << 32, 1L << 32)), limit),
        graph("elements overflow", g -> g.run(floats("c", Long.MAX_VALUE, 3)), limit),
        graph("one dimension of 2^63 - 1", g -> g.run(floats("c", Long.MAX_VALUE)), limit),
        graph(
            "three constants of 1 GB",
            g -> g.run(floats("a", 1 << 28)).run(floats("b", 1 << 28)).run(floats("c", 1 << 28)),
            limit),
        graph(
            "10^9 strings",
            g ->
                g.run(
                    NodeDefs.constant(
                        "c",
                        TensorProto.newBuilder()
                            .setDtype(DataType.DT_STRING)
                            .setTensorShape(NodeDefs.shape(1_000_000_000))
                            .build())
                        .toBuilder()),
            limit),
        graph(
            "constant that is a resource",
            g ->
                g.run(
                    NodeDefs.constant(
                        "c", TensorProto.newBuilder().setDtype(DataType.DT_RESOURCE).build())
                        .toBuilder()),
            "node 'c'"),
        graph(
            "shape that overflows",
            g ->
                g.run(
                    node("p", "PlaceholderWithDefault", "images")
                        .putAttr("dtype", NodeDefs.type(DataType.DT_FLOAT))
                        .putAttr("shape", shape(1L << 40, 1L << 40))),
            "node 'p'"),
        graph("Fill", g -> g.add(ints("s", k, k)).run(sized("Fill", "s", "axes")), "Fill", limit),
        graph(
            "Fill through Identity",
            g -> g.add(ints("s", k, k)).add(identity("t", "s")).run(sized("Fill", "t", "axes")),
            "Fill",
            limit),
        graph(
            "BroadcastTo",
            g -> g.add(ints("s", k, k)).run(sized("BroadcastTo", "images", "s")),
            "BroadcastTo",
            limit),
        graph(
            "Tile",
            g -> g.add(ints("s", 1, k, k, 1)).run(sized("Tile", "images", "s")),
            "Tile",
            limit),
        graph(
            "Pad",
            g -> g.add(ints("s", 0, 0, k, k, k, k, 0, 0)).run(sized("Pad", "images", "s")),
            "Pad",
            limit),
        graph(
            "MirrorPad",
            g -> g.add(ints("s", 0, 0, k, k, k, k, 0, 0)).run(sized("MirrorPad", "images", "s")),
            "MirrorPad",
            limit),
        graph(
            "Range",
            g ->
                g.add(scalar("from", 0))
                    .add(scalar("to", Integer.MAX_VALUE))
                    .add(scalar("step", 1))
                    .run(node("big", "Range", "from", "to", "step")),
            "Range",
            limit),
        graph(
            "Range without a start",
            g ->
                g.add(
                        NodeDefs.constant(
                            "from", TensorProto.newBuilder().setDtype(DataType.DT_INT32).build())
                            .toBuilder())
                    .add(scalar("to", Integer.MAX_VALUE))
                    .add(scalar("step", 1))
                    .run(node("big", "Range", "from", "to", "step")),
            "Range",
            limit),
        graph(
            "Range with a step of 0",
            g ->
                g.add(scalar("from", 0))
                    .add(scalar("to", 7))
                    .add(scalar("step", 0))
                    .run(node("big", "Range", "from", "to", "step")),
            "Range"),
        graph(
            "LinSpace",
            g -> g.add(scalar("n", Integer.MAX_VALUE)).run(sized("LinSpace", "axes", "axes", "n")),
            "LinSpace",
            limit),
        graph(
            "OneHot",
            g ->
                g.add(scalar("n", Integer.MAX_VALUE))
                    .run(sized("OneHot", "axes", "n", "axes", "axes")),
            "OneHot",
            limit),
        graph(
            "ResizeBilinear",
            g -> g.add(ints("s", k, k)).run(sized("ResizeBilinear", "images", "s")),
            "ResizeBilinear",
            limit),
        graph(
            "ScatterNd",
            g -> g.add(ints("s", k, k)).run(sized("ScatterNd", "axes", "axes", "s")),
            "ScatterNd",
            limit),
        graph(
            "Fill in a function",
            g ->
                g.function(function("f", ints("s", k, k), sized("Fill", "s:output:0", "x")))
                    .run(call("a", "f")),
            "Fill",
            "function 'f'"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"functions", "structures", "sizes"})
  void graphEndsInOneClearError(String name, GraphDef graph, List<String> contained) {
    for (boolean optimized : new boolean[] {true, false}) {
      assertThat(refusal(graph, optimized))
          .as(name)
          .isNotNull()
          .hasMessageContaining("evil.pb")
          .hasMessageContainingAll(contained.toArray(CharSequence[]::new))
          .message()
          .doesNotContain("\n", "\u001b")
          .hasSizeLessThan(1000);
    }
  }
}
