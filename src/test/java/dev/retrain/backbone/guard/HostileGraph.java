package dev.retrain.backbone.guard;

import com.google.protobuf.ByteString;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.List;
import java.util.function.Consumer;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef.ArgDef;
import org.tensorflow.proto.TensorProto;

/**
 * A backbone's graph, node by node: images at {@code images}, the vector at {@code pool}, which
 * waits for every other node that is added with {@link #run}.
 */
public final class HostileGraph {
  private static final int SIDE = 4;

  private final GraphDef.Builder graph = GraphDef.newBuilder();
  private final NodeDef.Builder pool =
      NodeDefs.floats("pool", "Mean", "images", "axes")
          .putAttr("Tidx", NodeDefs.type(DataType.DT_INT32));

  public HostileGraph() {
    graph.getVersionsBuilder().setProducer(1882);
    add(
        node("images", "Placeholder")
            .putAttr("dtype", NodeDefs.type(DataType.DT_FLOAT))
            .putAttr("shape", shape(-1, SIDE, SIDE, 3)));
    add(ints("axes", 1, 2));
  }

  /** The graph of one change. */
  static GraphDef changed(Consumer<HostileGraph> change) {
    HostileGraph graph = new HostileGraph();
    change.accept(graph);
    return graph.build();
  }

  /** A graph whose vector depends on a node. */
  static GraphDef with(NodeDef.Builder node) {
    return changed(graph -> graph.run(node));
  }

  /** The graph of one change to its nodes, and another to the whole. */
  static GraphDef changed(Consumer<HostileGraph> change, Consumer<GraphDef.Builder> whole) {
    GraphDef.Builder graph = changed(change).toBuilder();
    whole.accept(graph);
    return graph.build();
  }

  public GraphDef build() {
    return graph.build().toBuilder().addNode(pool).build();
  }

  /** Adds a node. */
  public HostileGraph add(NodeDef.Builder node) {
    graph.addNode(node);
    return this;
  }

  /** Adds a node that the vector depends on. */
  public HostileGraph run(NodeDef.Builder node) {
    pool.addInput("^" + node.getName());
    return add(node);
  }

  /** Reads images from another node. */
  HostileGraph poolFrom(String name) {
    pool.setInput(0, name);
    return this;
  }

  /** A loop that never ends if a value of an image is above a limit. */
  public HostileGraph endlessAbove(float limit) {
    add(NodeDefs.floats("enter", "Enter", "images").putAttr("frame_name", string("endless")));
    add(
        NodeDefs.floats("merge", "Merge", "enter", "next")
            .putAttr("N", AttrValue.newBuilder().setI(2).build()));
    add(ints("all", 0, 1, 2, 3).addInput("^merge"));
    add(
        NodeDefs.floats("max", "Max", "merge", "all")
            .putAttr("Tidx", NodeDefs.type(DataType.DT_INT32)));
    add(NodeDefs.constant("limit", limit).toBuilder().addInput("^merge"));
    add(NodeDefs.floats("above", "Less", "limit", "max"));
    add(node("cond", "LoopCond", "above"));
    add(NodeDefs.floats("switch", "Switch", "merge", "cond"));
    add(NodeDefs.floats("next", "NextIteration", "switch:1"));
    add(NodeDefs.floats("exit", "Exit", "switch"));
    return poolFrom("exit");
  }

  /** Adds a function to the library. */
  HostileGraph function(FunctionDef.Builder function) {
    graph.getLibraryBuilder().addFunction(function);
    return this;
  }

  static FunctionDef.Builder function(String name, NodeDef.Builder... nodes) {
    FunctionDef.Builder function = FunctionDef.newBuilder();
    function
        .getSignatureBuilder()
        .setName(name)
        .addInputArg(ArgDef.newBuilder().setName("x").setType(DataType.DT_FLOAT));
    for (NodeDef.Builder node : nodes) {
      function.addNodeDef(node);
    }
    return function;
  }

  /** A call of a function without results. */
  static NodeDef.Builder call(String name, String function) {
    return node(name, "StatefulPartitionedCall", "images")
        .putAttr("Tin", types(DataType.DT_FLOAT))
        .putAttr("Tout", types())
        .putAttr("f", func(function));
  }

  public static NodeDef.Builder node(String name, String op, String... inputs) {
    return NodeDef.newBuilder().setName(name).setOp(op).addAllInput(List.of(inputs));
  }

  static NodeDef.Builder ints(String name, int... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_INT32)
            .setTensorShape(NodeDefs.shape(values.length));
    for (int value : values) {
      tensor.addIntVal(value);
    }
    return NodeDefs.constant(name, tensor.build()).toBuilder();
  }

  static NodeDef.Builder scalar(String name, int value) {
    return NodeDefs.constant(
        name, TensorProto.newBuilder().setDtype(DataType.DT_INT32).addIntVal(value).build())
        .toBuilder();
  }

  public static NodeDef.Builder text(String name, String value) {
    return NodeDefs.constant(
        name,
        TensorProto.newBuilder()
            .setDtype(DataType.DT_STRING)
            .addStringVal(ByteString.copyFromUtf8(value))
            .build())
        .toBuilder();
  }

  /** A constant of one repeated value. */
  static NodeDef.Builder floats(String name, long... shape) {
    return NodeDefs.constant(
        name,
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(NodeDefs.shape(shape))
            .addFloatVal(1)
            .build())
        .toBuilder();
  }

  /** A constant whose content has this many bytes. */
  static NodeDef.Builder content(String name, int bytes, long... shape) {
    return NodeDefs.constant(
        name,
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(NodeDefs.shape(shape))
            .setTensorContent(ByteString.copyFrom(new byte[bytes]))
            .build())
        .toBuilder();
  }

  static AttrValue shape(long... sizes) {
    return AttrValue.newBuilder().setShape(NodeDefs.shape(sizes)).build();
  }

  static AttrValue func(String name) {
    return AttrValue.newBuilder().setFunc(NameAttrList.newBuilder().setName(name)).build();
  }

  static AttrValue string(String value) {
    return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(value)).build();
  }

  static AttrValue types(DataType... types) {
    return AttrValue.newBuilder()
        .setList(AttrValue.ListValue.newBuilder().addAllType(List.of(types)))
        .build();
  }
}
