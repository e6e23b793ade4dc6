package dev.retrain.backbone.rewrite;

import dev.retrain.backbone.graph.GraphIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Leaves out what only watches, or matters to training only: {@code CheckNumerics}, {@code Assert},
 * {@code StopGradient} and {@code PreventGradient}, and an {@code Identity} that was there to wait
 * for one of them. Whoever read one of these reads what it read.
 */
final class RemoveCheckOps implements GraphPass {
  private static final Set<String> PASSING =
      Set.of("CheckNumerics", "StopGradient", "PreventGradient");

  private static final Set<String> WATCHING = Set.of("CheckNumerics", "Assert");

  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex nodes = new GraphIndex(graph, kept);
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : nodes.nodes()) {
      if (isSkipped(nodes, node)) {
        replacements.put(node.getName(), List.of());
      } else {
        List<String> inputs = inputs(nodes, node);
        if (!inputs.equals(node.getInputList())) {
          NodeDef rewired = node.toBuilder().clearInput().addAllInput(inputs).build();
          replacements.put(node.getName(), List.of(rewired));
        }
      }
    }
    return nodes.with(replacements);
  }

  private static boolean isSkipped(GraphIndex nodes, NodeDef node) {
    if (nodes.isKept(node)) {
      return false;
    }
    boolean waitsForChecksOnly =
        node.getInputList().stream()
            .filter(GraphIndex::isControl)
            .allMatch(input -> watches(nodes, input));
    return waitsForChecksOnly
        && (PASSING.contains(node.getOp())
            || node.getOp().equals("Assert")
            || (GraphIndex.isControlled(node) && node.getOp().equals("Identity")));
  }

  private static boolean watches(GraphIndex nodes, String control) {
    return nodes
        .node(GraphIndex.operation(control))
        .filter(node -> WATCHING.contains(node.getOp()) && !nodes.isKept(node))
        .isPresent();
  }

  private static List<String> inputs(GraphIndex nodes, NodeDef node) {
    List<String> inputs = new ArrayList<>();
    for (String input : node.getInputList()) {
      if (!GraphIndex.isControl(input)) {
        inputs.add(behind(nodes, input));
      } else if (!watches(nodes, input)) {
        inputs.add("^" + GraphIndex.operation(behind(nodes, GraphIndex.operation(input))));
      }
    }
    return inputs;
  }

  /** What an input is once all that is skipped is gone. */
  private static String behind(GraphIndex nodes, String input) {
    return nodes
        .maker(input)
        .filter(node -> isSkipped(nodes, node))
        .map(node -> behind(nodes, node.getInput(0)))
        .orElse(input);
  }
}
