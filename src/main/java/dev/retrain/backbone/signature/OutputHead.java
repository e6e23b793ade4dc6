package dev.retrain.backbone.signature;

import dev.retrain.backbone.graph.TensorNames;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/**
 * What comes last in a network: a dense layer that computes class scores, or its features.
 *
 * @param nodes the network
 * @param output its output
 */
record OutputHead(NetworkNodes nodes, String output) {
  private static final Set<String> PROBABILITIES =
      Set.of("Softmax", "LogSoftmax", "Sigmoid", "ArgMax", "TopKV2");

  private static final Set<String> SHAPES =
      Set.of("Identity", "Reshape", "Squeeze", "Cast", "ExpandDims");

  private static final Set<String> SUMS = Set.of("BiasAdd", "Add", "AddV2");

  /** A network and a place in it. */
  private record Layer(NodeDef node, boolean probabilities) {}

  /**
   * What enters the last dense layer.
   *
   * @return the tensor; empty if the output is no class scores
   */
  Optional<String> classifierInput() {
    Optional<Layer> last = last();
    if (last.isEmpty()) {
      return Optional.empty();
    }
    NodeDef sum = last.get().node();
    boolean biased = SUMS.contains(sum.getOp());
    return (biased ? data(sum).flatMap(nodes::producer) : Optional.of(sum))
        .filter(product -> isDense(product, biased, last.get().probabilities()))
        .flatMap(NetworkNodes::firstInput)
        .map(TensorNames::withIndex);
  }

  /** The last node before probabilities and changes of shape. */
  private Optional<Layer> last() {
    Optional<NodeDef> node = nodes.producer(output);
    boolean probabilities = false;
    Set<String> seen = new HashSet<>();
    while (node.isPresent() && seen.add(node.get().getName())) {
      String op = node.get().getOp();
      probabilities |= PROBABILITIES.contains(op);
      if (!PROBABILITIES.contains(op) && !SHAPES.contains(op)) {
        return Optional.of(new Layer(node.get(), probabilities));
      }
      node = NetworkNodes.firstInput(node.get()).flatMap(nodes::producer);
    }
    return Optional.empty();
  }

  /** The operand of a sum whose other operand is constant. */
  private Optional<String> data(NodeDef sum) {
    if (sum.getInputCount() < 2) {
      return Optional.empty();
    }
    return nodes.isConstant(sum.getInput(1))
        ? Optional.of(sum.getInput(0))
        : Optional.of(sum.getInput(1)).filter(second -> nodes.isConstant(sum.getInput(0)));
  }

  private boolean isDense(NodeDef product, boolean biased, boolean probabilities) {
    if (product.getInputCount() < 2 || !nodes.isConstant(product.getInput(1))) {
      return false;
    }
    return switch (product.getOp()) {
      case "MatMul", "BatchMatMulV2", "Einsum" -> biased || probabilities;
      // The last layer of MobileNets, on one position.
      case "Conv2D" ->
          (probabilities || isReshaped())
              && nodes
                  .constantShape(product.getInput(1))
                  .filter(shape -> shape.size() == 4 && shape.subList(0, 2).equals(List.of(1L, 1L)))
                  .isPresent();
      default -> false;
    };
  }

  private boolean isReshaped() {
    return nodes.producer(output).filter(node -> SHAPES.contains(node.getOp())).isPresent();
  }
}
