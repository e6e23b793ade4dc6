package dev.retrain.backbone.rewrite;

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
final class SkipChecks implements Rewrite {
  private static final Set<String> PASSING =
      Set.of("CheckNumerics", "StopGradient", "PreventGradient");

  private static final Set<String> WATCHING = Set.of("CheckNumerics", "Assert");

  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    NodeGraph nodes = new NodeGraph(graph, kept);
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

  private static boolean isSkipped(NodeGraph nodes, NodeDef node) {
    if (nodes.isKept(node)) {
      return false;
    }
    boolean waitsForChecksOnly =
        node.getInputList().stream()
            .filter(NodeGraph::isControl)
            .allMatch(input -> watches(nodes, input));
    return waitsForChecksOnly
        && (PASSING.contains(node.getOp())
            || node.getOp().equals("Assert")
            || (NodeGraph.isControlled(node) && node.getOp().equals("Identity")));
  }

  private static boolean watches(NodeGraph nodes, String control) {
    return nodes
        .node(NodeGraph.operation(control))
        .filter(node -> WATCHING.contains(node.getOp()) && !nodes.isKept(node))
        .isPresent();
  }

  private static List<String> inputs(NodeGraph nodes, NodeDef node) {
    List<String> inputs = new ArrayList<>();
    for (String input : node.getInputList()) {
      if (!NodeGraph.isControl(input)) {
        inputs.add(behind(nodes, input));
      } else if (!watches(nodes, input)) {
        inputs.add("^" + NodeGraph.operation(behind(nodes, NodeGraph.operation(input))));
      }
    }
    return inputs;
  }

  /** What an input is once all that is skipped is gone. */
  private static String behind(NodeGraph nodes, String input) {
    return nodes
        .maker(input)
        .filter(node -> isSkipped(nodes, node))
        .map(node -> behind(nodes, node.getInput(0)))
        .orElse(input);
  }
}
