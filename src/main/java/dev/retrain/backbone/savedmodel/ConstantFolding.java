package dev.retrain.backbone.savedmodel;

import dev.retrain.backbone.graph.ConstantEvaluation;
import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.util.SessionConfigs;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Replaces nodes that depend only on constants by their values: Keras 3 reshapes and casts
 * parameters in the graph, which graph passes would not recognize as constants.
 */
final class ConstantFolding {
  /** Ops with one numeric output that is no larger than their inputs, or small. */
  private static final Set<String> FOLDED =
      Set.of(
          ("Add AddV2 Cast ConcatV2 Div Exp ExpandDims Floor FloorDiv FloorMod GatherV2 Greater"
                  + " GreaterEqual Identity Less LessEqual Log LogicalAnd LogicalNot LogicalOr Max"
                  + " Maximum Mean Min Minimum Mul Neg Pack Pow Prod Range RealDiv Reciprocal Reshape"
                  + " Rsqrt Select SelectV2 Shape Size Slice Sqrt Square Squeeze StridedSlice Sub Sum"
                  + " Tanh Transpose")
              .split(" "));

  private final GraphDef graph;
  private final GraphIndex index;
  private final Set<String> constants = new HashSet<>();

  private ConstantFolding(GraphDef graph) {
    this.graph = graph;
    index = new GraphIndex(graph, Set.of());
  }

  /**
   * Folds the constants of a graph.
   *
   * @param graph the graph, which may run; nodes follow their inputs
   * @param outputs names of operations whose values are needed
   * @return a graph with the same values, in which unused nodes may remain
   */
  static GraphDef apply(GraphDef graph, Set<String> outputs) {
    return new ConstantFolding(graph).fold(outputs);
  }

  private GraphDef fold(Set<String> outputs) {
    Set<String> folded = new LinkedHashSet<>();
    for (NodeDef node : graph.getNodeList()) {
      if (isConstant(node)) {
        constants.add(node.getName());
      } else {
        node.getInputList().stream()
            .map(GraphIndex::operation)
            .filter(this::isComputed)
            .forEach(folded::add);
      }
    }
    outputs.stream().filter(this::isComputed).forEach(folded::add);
    return folded.isEmpty()
        ? graph
        : index.with(
            ConstantEvaluation.constants(
                arithmetic(), List.copyOf(folded), SessionConfigs.SINGLE_THREADED));
  }

  private boolean isConstant(NodeDef node) {
    return node.getOp().equals("Const")
        || (FOLDED.contains(node.getOp())
            && node.getInputCount() > 0
            && node.getInputList().stream()
                .allMatch(
                    input ->
                        !GraphIndex.isControl(input)
                            && constants.contains(GraphIndex.operation(input))));
  }

  private boolean isComputed(String name) {
    return constants.contains(name) && !index.node(name).orElseThrow().getOp().equals("Const");
  }

  private GraphDef arithmetic() {
    GraphDef.Builder arithmetic = GraphDef.newBuilder().setVersions(graph.getVersions());
    graph.getNodeList().stream()
        .filter(node -> constants.contains(node.getName()))
        .forEach(arithmetic::addNode);
    return arithmetic.build();
  }
}
