package dev.retrain.backbone.signature;

import dev.retrain.backbone.graph.TensorNames;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/** Finds the output of a graph, if the user doesn't name it: the last node that nothing reads. */
record OutputInference(NetworkNodes nodes) {
  private static final Set<String> INDEXES = Set.of("ArgMax", "TopKV2");

  private static final Set<String> NO_OUTPUTS =
      Set.of("Const", "NoOp", "Assert", "Print", "PrintV2", "Shape");

  /**
   * Finds the output.
   *
   * @param input the input that the user specified; otherwise any placeholder
   * @return the tensor; empty if no node that depends on the input has floating-point values
   */
  Optional<String> find(Optional<String> input) {
    List<String> inputs =
        input
            .map(tensor -> List.of(TensorNames.operation(tensor)))
            .orElseGet(
                () ->
                    nodes.all().stream()
                        .filter(OutputInference::isPlaceholder)
                        .map(NodeDef::getName)
                        .toList());
    Set<String> depending = nodes.dependingOn(inputs);
    return nodes.all().stream()
        .filter(node -> inputs.isEmpty() || depending.contains(node.getName()))
        .filter(node -> nodes.readers(node.getName()).isEmpty())
        .filter(node -> !NO_OUTPUTS.contains(node.getOp()) && !isPlaceholder(node))
        .filter(node -> NetworkNodes.isFloating(node) || INDEXES.contains(node.getOp()))
        .map(node -> node.getName() + ":0")
        .reduce((first, second) -> second);
  }

  private static boolean isPlaceholder(NodeDef node) {
    return node.getOp().startsWith("Placeholder");
  }
}
