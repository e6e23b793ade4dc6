package dev.retrain.backbone.savedmodel.variable;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.savedmodel.inline.VariableNodes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/**
 * The checkpoint keys of variables of TensorFlow 1, read from the nodes that restore them: {@code
 * Assign(variable, Identity(RestoreV2))}.
 */
final class RestoreKeys {
  private static final Set<String> ASSIGNMENTS = Set.of("Assign", "AssignVariableOp");
  private static final Set<String> IDENTITIES = Set.of("Identity", "Reshape");

  /** Longest chain of nodes that is followed. */
  private static final int MAX_STEPS = 20;

  private final Map<String, NodeDef> nodes = new HashMap<>();

  private RestoreKeys(List<NodeDef> graph) {
    graph.forEach(node -> nodes.put(node.getName(), node));
  }

  /** The keys by the name of the variable's node. */
  static Map<String, CheckpointKey> find(List<NodeDef> graph) {
    RestoreKeys restore = new RestoreKeys(graph);
    Map<String, CheckpointKey> keys = new HashMap<>();
    for (NodeDef node : graph) {
      if (ASSIGNMENTS.contains(node.getOp()) && node.getInputCount() >= 2) {
        Optional<NodeDef> variable =
            restore
                .source(node.getInput(0))
                .map(restore.nodes::get)
                .filter(VariableNodes::isVariable);
        Optional<CheckpointKey> key = restore.source(node.getInput(1)).flatMap(restore::key);
        if (variable.isPresent() && key.isPresent()) {
          keys.putIfAbsent(variable.get().getName(), key.get());
        }
      }
    }
    return keys;
  }

  /** The tensor before a chain of Identity nodes, {@code name} or {@code name:index}. */
  private Optional<String> source(String input) {
    String tensor = input;
    for (int i = 0; i < MAX_STEPS; i++) {
      NodeDef node = nodes.get(GraphIndex.operation(tensor));
      if (node == null) {
        return Optional.empty();
      }
      if (!IDENTITIES.contains(node.getOp()) || node.getInputCount() == 0) {
        return Optional.of(tensor);
      }
      tensor = node.getInput(0);
    }
    return Optional.empty();
  }

  private Optional<CheckpointKey> key(String tensor) {
    NodeDef restore = nodes.get(GraphIndex.operation(tensor));
    if (restore == null || !restore.getOp().equals("RestoreV2") || restore.getInputCount() < 3) {
      return Optional.empty();
    }
    int colon = tensor.indexOf(':');
    int index = colon < 0 ? 0 : Integer.parseInt(tensor.substring(colon + 1));
    Optional<String> name = text(restore.getInput(1), index);
    return name.map(key -> new CheckpointKey(key, text(restore.getInput(2), index).orElse("")));
  }

  private Optional<String> text(String constant, int index) {
    return source(constant)
        .map(tensor -> nodes.get(GraphIndex.operation(tensor)))
        .filter(node -> node.getOp().equals("Const"))
        .map(NodeDefs::value)
        .filter(value -> value.getStringValCount() > 0)
        // A tensor proto repeats its last value.
        .map(value -> value.getStringVal(Math.min(index, value.getStringValCount() - 1)))
        .map(value -> value.toStringUtf8());
  }
}
