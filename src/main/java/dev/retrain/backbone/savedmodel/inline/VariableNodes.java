package dev.retrain.backbone.savedmodel.inline;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/** Constants whose values are still to be read from the checkpoint. */
public final class VariableNodes {
  /** Names the variable whose value the constant gets; its name is no attribute of an op. */
  private static final String VARIABLE = "_variable";

  static final Set<String> HANDLES = Set.of("VarHandleOp");
  static final Set<String> REFERENCES = Set.of("Variable", "VariableV2");

  private VariableNodes() {}

  /** Whether a node is a variable. */
  public static boolean isVariable(NodeDef node) {
    return HANDLES.contains(node.getOp()) || REFERENCES.contains(node.getOp());
  }

  static NodeDef constant(String name, NodeDef variable) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Const")
        .putAttr("dtype", variable.getAttrOrThrow("dtype"))
        .putAttr(
            VARIABLE,
            AttrValue.newBuilder().setS(ByteString.copyFromUtf8(variable.getName())).build())
        .build();
  }

  /** The names of the variables that a graph and its functions need, in order. */
  public static List<String> needed(GraphDef graph) {
    Map<String, NodeDef> needed = new LinkedHashMap<>();
    all(graph).stream()
        .filter(node -> node.containsAttr(VARIABLE))
        .forEach(node -> needed.put(variable(node), node));
    return List.copyOf(needed.keySet());
  }

  private static List<NodeDef> all(GraphDef graph) {
    List<NodeDef> all = new ArrayList<>(graph.getNodeList());
    graph.getLibrary().getFunctionList().forEach(f -> all.addAll(f.getNodeDefList()));
    return all;
  }

  private static String variable(NodeDef node) {
    return node.getAttrOrThrow(VARIABLE).getS().toStringUtf8();
  }

  /**
   * Fills in the values.
   *
   * @param values the values of all needed variables, by name
   */
  public static GraphDef withValues(GraphDef graph, Map<String, TensorProto> values) {
    GraphDef.Builder filled = graph.toBuilder().clearNode().clearLibrary();
    graph.getNodeList().forEach(node -> filled.addNode(filled(node, values)));
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      FunctionDef.Builder copy = function.toBuilder().clearNodeDef();
      function.getNodeDefList().forEach(node -> copy.addNodeDef(filled(node, values)));
      filled.getLibraryBuilder().addFunction(copy);
    }
    return filled.build();
  }

  private static NodeDef filled(NodeDef node, Map<String, TensorProto> values) {
    return node.containsAttr(VARIABLE)
        ? node.toBuilder()
            .removeAttr(VARIABLE)
            .putAttr("value", AttrValue.newBuilder().setTensor(values.get(variable(node))).build())
            .build()
        : node;
  }
}
