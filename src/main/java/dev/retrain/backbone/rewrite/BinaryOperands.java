package dev.retrain.backbone.rewrite;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * The two inputs of a float32 sum or product, in one of their two orders.
 *
 * @param x one input
 * @param other the input that is added to it or multiplied by it
 */
record BinaryOperands(String x, String other) {
  private static final Set<String> SUMS = Set.of("BiasAdd", "Add", "AddV2");
  private static final Set<String> PRODUCTS = Set.of("Mul");

  /** Both orders of a sum with channels last; empty for other nodes. */
  static Stream<BinaryOperands> ofSum(NodeDef node) {
    return NodeDefs.channelsLast(node) ? match(node, SUMS) : Stream.empty();
  }

  /** Both orders of a product; empty for other nodes. */
  static Stream<BinaryOperands> ofProduct(NodeDef node) {
    return match(node, PRODUCTS);
  }

  private static Stream<BinaryOperands> match(NodeDef node, Set<String> ops) {
    if (!ops.contains(node.getOp())
        || GraphIndex.isControlled(node)
        || NodeDefs.type(node, "T") != DataType.DT_FLOAT) {
      return Stream.empty();
    }
    String first = node.getInput(0);
    String second = node.getInput(1);
    return Stream.of(new BinaryOperands(first, second), new BinaryOperands(second, first));
  }
}
