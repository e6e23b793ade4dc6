package dev.retrain.finetune.network;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/** The kernels of a network: constants by which a layer multiplies its input. */
public final class Kernels {
  static final String CONVOLUTION = "Conv2D";
  static final String DEPTHWISE = "DepthwiseConv2dNative";

  private static final Set<String> PRODUCTS =
      Set.of("MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3", "Einsum");

  private Kernels() {}

  /**
   * The kernels of a node, float32 constants.
   *
   * @param index the network
   * @param node any node
   * @return empty if the node is not a layer, or computes its kernel
   */
  public static List<NodeDef> of(GraphIndex index, NodeDef node) {
    if (isConvolution(node)) {
      return index.constant(node.getInput(1)).stream().toList();
    }
    return PRODUCTS.contains(node.getOp())
        ? node.getInputList().stream().flatMap(input -> index.constant(input).stream()).toList()
        : List.of();
  }

  /** Whether a node is a convolution, depthwise or not. */
  static boolean isConvolution(NodeDef node) {
    return node.getOp().equals(CONVOLUTION) || isDepthwise(node);
  }

  /** Whether a node is a depthwise convolution. */
  public static boolean isDepthwise(NodeDef node) {
    return node.getOp().equals(DEPTHWISE);
  }

  /** The type in which a layer with a constant kernel computes, if it is not float32. */
  static Optional<DataType> otherType(GraphIndex index, NodeDef node) {
    boolean layer = isConvolution(node) || PRODUCTS.contains(node.getOp());
    DataType type = NodeDefs.type(node, "T");
    return layer
            && Stream.of(DataType.DT_HALF, DataType.DT_BFLOAT16, DataType.DT_DOUBLE)
                .anyMatch(type::equals)
            && node.getInputList().stream()
                .flatMap(input -> index.skipIdentities(input).stream())
                .anyMatch(source -> Set.of("Const", "Cast").contains(source.getOp()))
        ? Optional.of(type)
        : Optional.empty();
  }
}
