package dev.retrain.backbone.savedmodel.inline;

import dev.retrain.backbone.graph.GraphIndex;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * A graph without function calls.
 *
 * @param definition the graph
 * @param tensors the names of the requested tensors in it, by their names in the SavedModel
 */
public record InlinedGraph(GraphDef definition, Map<String, String> tensors) {
  /**
   * A copy without the scopes that all nodes of functions share: {@code
   * StatefulPartitionedCall/StatefulPartitionedCall/model/}.
   *
   * @param unchanged names that stay as they are
   */
  InlinedGraph withShortNames(Collection<String> unchanged) {
    String prefix = sharedPrefix(unchanged);
    if (prefix.isEmpty()) {
      return this;
    }
    Set<String> names = new HashSet<>();
    definition.getNodeList().stream()
        .map(NodeDef::getName)
        .filter(name -> !name.startsWith(prefix))
        .forEach(names::add);
    Map<String, String> renamed = new HashMap<>();
    for (NodeDef node : definition.getNodeList()) {
      if (node.getName().startsWith(prefix)) {
        String rest = node.getName().substring(prefix.length());
        String name = rest;
        for (int i = 1; !names.add(name); i++) {
          name = rest + "_" + i;
        }
        renamed.put(node.getName(), name);
      }
    }
    GraphDef.Builder shortened = definition.toBuilder().clearNode();
    for (NodeDef node : definition.getNodeList()) {
      shortened.addNode(
          node.toBuilder()
              .setName(renamed.getOrDefault(node.getName(), node.getName()))
              .clearInput()
              .addAllInput(
                  node.getInputList().stream().map(input -> tensor(renamed, input)).toList()));
    }
    Map<String, String> outputs = new LinkedHashMap<>();
    tensors.forEach((key, tensor) -> outputs.put(key, tensor(renamed, tensor)));
    return new InlinedGraph(shortened.build(), outputs);
  }

  private static String tensor(Map<String, String> renamed, String tensor) {
    String node = GraphIndex.operation(tensor);
    return renamed.getOrDefault(node, node) + tensor.substring(node.length());
  }

  /** Scopes shared by the nodes with inputs, with the slash at the end; may be empty. */
  private String sharedPrefix(Collection<String> unchanged) {
    List<String> names =
        definition.getNodeList().stream()
            .filter(node -> node.getInputCount() > 0)
            .map(NodeDef::getName)
            .filter(name -> unchanged.stream().noneMatch(kept -> name.startsWith(kept + "/")))
            .toList();
    if (names.isEmpty()) {
      return "";
    }
    String shared = names.get(0);
    for (String name : names) {
      int length = 0;
      while (length < Math.min(shared.length(), name.length())
          && shared.charAt(length) == name.charAt(length)) {
        length++;
      }
      shared = shared.substring(0, length);
    }
    String prefix = shared.substring(0, shared.lastIndexOf('/') + 1);
    // A name must not begin with an underscore, for example.
    boolean valid =
        names.stream().allMatch(name -> Character.isLetterOrDigit(name.charAt(prefix.length())));
    return valid ? prefix : "";
  }
}
