package dev.retrain.backbone.guard;

import dev.retrain.backbone.graph.SafeText;
import dev.retrain.util.RetrainException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef.ArgDef;

/**
 * The nodes of a graph, or of a function in its library.
 *
 * @param graph name of the graph in messages
 * @param function the function; absent for the graph itself
 * @param nodes the nodes
 * @param arguments names of the function's arguments, which nodes can read
 */
record GraphBody(
    String graph, Optional<FunctionDef> function, List<NodeDef> nodes, Set<String> arguments) {
  /** The graph itself. */
  static GraphBody main(String name, GraphDef graph) {
    return new GraphBody(name, Optional.empty(), graph.getNodeList(), Set.of());
  }

  /** A function in the library of the same graph. */
  GraphBody function(FunctionDef definition) {
    return new GraphBody(
        graph,
        Optional.of(definition),
        definition.getNodeDefList(),
        definition.getSignature().getInputArgList().stream()
            .map(ArgDef::getName)
            .collect(Collectors.toSet()));
  }

  /** Name of the function; empty for the graph itself. */
  String functionName() {
    return function.map(definition -> definition.getSignature().getName()).orElse("");
  }

  /** Where a node is: {@code node 'x'} or {@code node 'x' of function 'f'}. */
  String describe(NodeDef node) {
    return "node '%s'%s".formatted(SafeText.quote(node.getName()), suffix());
  }

  /** An exception for a malformed graph. */
  RetrainException malformed(NodeDef node, String problem) {
    return malformed(describe(node) + " " + problem);
  }

  /** An exception for a malformed graph. */
  RetrainException malformed(String problem) {
    return new RetrainException(
        "%s is not a valid graph: %s. Export the graph again.", graph, problem);
  }

  /** Whether an input of a node is the edge that closes a loop. */
  static boolean closesLoop(NodeDef reader, NodeDef source) {
    return (reader.getOp().equals("Merge") || reader.getOp().equals("RefMerge"))
        && source.getOp().endsWith("NextIteration");
  }

  private String suffix() {
    return function.isEmpty() ? "" : " of function '%s'".formatted(SafeText.quote(functionName()));
  }
}
