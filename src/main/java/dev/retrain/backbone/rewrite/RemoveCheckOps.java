package dev.retrain.backbone.rewrite;

import dev.retrain.backbone.graph.GraphIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Removes ops that only check values or only matter for training: {@code CheckNumerics}, {@code
 * Assert}, {@code StopGradient} and {@code PreventGradient}, and {@code Identity} nodes whose
 * control inputs are such checks. Readers of a removed node read the node's input instead.
 */
final class RemoveCheckOps implements GraphPass {
  private static final Set<String> PASS_THROUGH =
      Set.of("CheckNumerics", "StopGradient", "PreventGradient");

  private static final Set<String> CHECKS = Set.of("CheckNumerics", "Assert");

  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex index = new GraphIndex(graph, kept);
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : index.nodes()) {
      if (isRemoved(index, node)) {
        replacements.put(node.getName(), List.of());
      } else {
        List<String> inputs = inputs(index, node);
        if (!inputs.equals(node.getInputList())) {
          NodeDef rewired = node.toBuilder().clearInput().addAllInput(inputs).build();
          replacements.put(node.getName(), List.of(rewired));
        }
      }
    }
    return index.with(replacements);
  }

  private static boolean isRemoved(GraphIndex index, NodeDef node) {
    if (index.isKept(node)) {
      return false;
    }
    boolean onlyChecksControl =
        node.getInputList().stream()
            .filter(GraphIndex::isControl)
            .allMatch(input -> isCheck(index, input));
    return onlyChecksControl
        && (PASS_THROUGH.contains(node.getOp())
            || node.getOp().equals("Assert")
            || (GraphIndex.isControlled(node) && node.getOp().equals("Identity")));
  }

  private static boolean isCheck(GraphIndex index, String control) {
    return index
        .node(GraphIndex.operation(control))
        .filter(node -> CHECKS.contains(node.getOp()) && !index.isKept(node))
        .isPresent();
  }

  private static List<String> inputs(GraphIndex index, NodeDef node) {
    List<String> inputs = new ArrayList<>();
    for (String input : node.getInputList()) {
      if (!GraphIndex.isControl(input)) {
        inputs.add(resolve(index, input));
      } else if (!isCheck(index, input)) {
        inputs.add("^" + GraphIndex.operation(resolve(index, GraphIndex.operation(input))));
      }
    }
    return inputs;
  }

  /** The input that replaces an input when nodes are removed. */
  private static String resolve(GraphIndex index, String input) {
    String resolved = input;
    Optional<NodeDef> removed = index.producer(resolved).filter(node -> isRemoved(index, node));
    while (removed.isPresent()) {
      resolved = removed.get().getInput(0);
      removed = index.producer(resolved).filter(node -> isRemoved(index, node));
    }
    return resolved;
  }
}
