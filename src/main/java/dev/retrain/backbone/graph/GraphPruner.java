package dev.retrain.backbone.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/** Removes the nodes and functions of a graph that the wanted tensors do not depend on. */
public final class GraphPruner {
  private GraphPruner() {}

  /**
   * Keeps the nodes that tensors depend on, in their order, and makes the batch dimension of image
   * placeholders variable; some published graphs fix it at 1.
   *
   * @param graph the graph
   * @param tensors the tensors to keep, {@code name} or {@code name:index}
   * @return the smaller graph, with the same versions
   * @throws IllegalArgumentException if the graph lacks one of the operations
   */
  public static GraphDef keep(GraphDef graph, List<String> tensors) {
    Map<String, NodeDef> nodes = new HashMap<>();
    graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
    for (String tensor : tensors) {
      if (!nodes.containsKey(TensorNames.operation(tensor))) {
        throw new IllegalArgumentException(
            "the graph has no operation '%s'".formatted(TensorNames.operation(tensor)));
      }
    }
    Set<String> needed = GraphIndex.dependencies(nodes, tensors, Set.of());
    GraphDef.Builder kept = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      if (needed.contains(node.getName())) {
        kept.addNode(node.getOp().equals("Placeholder") ? withVariableBatch(node) : node);
      }
    }
    return kept.build();
  }

  /** Like {@link #keep}, and removes the functions that no remaining node calls. */
  public static GraphDef keepWithCalledFunctions(GraphDef graph, List<String> tensors) {
    GraphDef kept = keep(graph, tensors);
    Map<String, FunctionDef> functions = new HashMap<>();
    graph.getLibrary().getFunctionList().forEach(f -> functions.put(f.getSignature().getName(), f));
    Set<String> called = new HashSet<>();
    Deque<NodeDef> open = new ArrayDeque<>(kept.getNodeList());
    while (!open.isEmpty()) {
      for (String name : functions(open.remove())) {
        if (functions.containsKey(name) && called.add(name)) {
          open.addAll(functions.get(name).getNodeDefList());
        }
      }
    }
    GraphDef.Builder pruned = kept.toBuilder().clearLibrary();
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      if (called.contains(function.getSignature().getName())) {
        pruned.getLibraryBuilder().addFunction(function);
      }
    }
    return pruned.build();
  }

  private static Set<String> functions(NodeDef node) {
    Set<String> names = new HashSet<>();
    for (AttrValue value : node.getAttrMap().values()) {
      if (value.hasFunc()) {
        names.add(value.getFunc().getName());
      }
      value.getList().getFuncList().forEach(function -> names.add(function.getName()));
    }
    return names;
  }

  private static NodeDef withVariableBatch(NodeDef placeholder) {
    AttrValue shape = placeholder.getAttrMap().get("shape");
    if (shape == null || shape.getShape().getDimCount() != 4) {
      return placeholder;
    }
    TensorShapeProto variable =
        shape.getShape().toBuilder()
            .setDim(0, TensorShapeProto.Dim.newBuilder().setSize(-1))
            .build();
    return placeholder.toBuilder()
        .putAttr("shape", AttrValue.newBuilder().setShape(variable).build())
        .build();
  }
}
