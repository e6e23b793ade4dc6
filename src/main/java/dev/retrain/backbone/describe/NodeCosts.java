package dev.retrain.backbone.describe;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * Parameters and multiply-adds of nodes. A convolution or matrix multiplication has as many
 * multiply-adds as it has products; other ops have none.
 *
 * @param index the graph
 * @param shapes its shapes for one image
 */
record NodeCosts(GraphIndex index, StaticShapes shapes) {
  private static final Set<String> CONVOLUTIONS = Set.of("Conv2D", "Conv3D", "FusedPadConv2D");
  private static final Set<String> MATRICES =
      Set.of("MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3");
  private static final Set<String> TRANSPOSED =
      Set.of("Conv2DBackpropInput", "Conv3DBackpropInputV2");
  private static final String DEPTHWISE = "DepthwiseConv2dNative";

  private static final Set<DataType> WEIGHTS =
      Set.of(
          DataType.DT_FLOAT,
          DataType.DT_DOUBLE,
          DataType.DT_HALF,
          DataType.DT_BFLOAT16,
          DataType.DT_INT8,
          DataType.DT_UINT8,
          DataType.DT_QINT8,
          DataType.DT_QUINT8);

  /** Whether a node is a layer with multiply-adds. */
  static boolean isLayer(NodeDef node) {
    String op = node.getOp();
    return CONVOLUTIONS.contains(op)
        || MATRICES.contains(op)
        || TRANSPOSED.contains(op)
        || op.equals(DEPTHWISE)
        || op.equals("Einsum");
  }

  /** The multiply-adds of a layer; absent if sizes are unknown. */
  Optional<Long> multiplyAdds(NodeDef node) {
    Optional<Long> outputs = shapes.elements(node.getName());
    if (CONVOLUTIONS.contains(node.getOp())) {
      // The filter is [height, width, inputs, outputs].
      return product(outputs, filter(node).map(sizes -> product(sizes, sizes.size() - 1)));
    }
    if (node.getOp().equals(DEPTHWISE)) {
      return product(outputs, filter(node).map(sizes -> product(sizes, 2)));
    }
    if (TRANSPOSED.contains(node.getOp())) {
      // The filter is [height, width, outputs, inputs]; the images are the third input.
      return product(
          elements(node, 2), filter(node).map(sizes -> product(sizes, sizes.size() - 1)));
    }
    return MATRICES.contains(node.getOp()) ? product(outputs, inner(node)) : Optional.empty();
  }

  private static Optional<Long> product(Optional<Long> a, Optional<Long> b) {
    return a.flatMap(one -> b.map(other -> one * other));
  }

  private static long product(List<Long> sizes, int count) {
    return sizes.stream().limit(count).reduce(1L, (a, b) -> a * b);
  }

  private Optional<List<Long>> filter(NodeDef node) {
    return input(node, 1)
        .filter(sizes -> sizes.size() >= 4 && sizes.stream().noneMatch(size -> size < 0));
  }

  private Optional<Long> elements(NodeDef node, int input) {
    return input < node.getInputCount()
        ? shapes.elements(GraphIndex.operation(node.getInput(input)))
        : Optional.empty();
  }

  private Optional<List<Long>> input(NodeDef node, int input) {
    return input < node.getInputCount()
        ? shapes.shape(GraphIndex.operation(node.getInput(input)))
        : Optional.empty();
  }

  /** The length of the sums of a matrix multiplication. */
  private Optional<Long> inner(NodeDef node) {
    boolean transposed = isSet(node, "transpose_a") || isSet(node, "adj_x");
    return input(node, 0)
        .filter(sizes -> sizes.size() >= 2)
        .map(sizes -> sizes.get(sizes.size() - (transposed ? 2 : 1)))
        .filter(size -> size >= 0);
  }

  private static boolean isSet(NodeDef node, String attribute) {
    return node.getAttrMap().containsKey(attribute) && node.getAttrMap().get(attribute).getB();
  }

  /** The number of values in a constant that is a weight; 0 for other nodes. */
  static long parameters(NodeDef constant) {
    if (!constant.getOp().equals("Const")
        || !constant.getAttrMap().containsKey("value")
        || !WEIGHTS.contains(NodeDefs.type(constant, "dtype"))) {
      return 0;
    }
    long elements = product(NodeDefs.shape(constant), Integer.MAX_VALUE);
    return elements > 1 ? elements : 0;
  }
}
