package dev.retrain.backbone.savedmodel;

import dev.retrain.backbone.graph.GraphPruner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Removes nodes and functions that tensors don't depend on. */
final class Pruning {
  private Pruning() {}

  /** Keeps what the tensors depend on, in the order of the graph. */
  static GraphDef keep(GraphDef graph, List<String> tensors) {
    GraphDef kept = GraphPruner.keep(graph, tensors);
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
    node.getAttrMap()
        .values()
        .forEach(
            value -> {
              if (value.hasFunc()) {
                names.add(value.getFunc().getName());
              }
              value.getList().getFuncList().forEach(function -> names.add(function.getName()));
            });
    return names;
  }
}
