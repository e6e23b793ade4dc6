package dev.retrain.backbone.guard;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * The bytes of outputs whose size is determined by a constant input. A lower bound: sizes that are
 * known only at run time, such as that of the batch, count as 1.
 */
final class OutputSizes {
  /** The input that holds sizes of the output, for each op that has one. */
  private static final Map<String, Integer> SIZES =
      Map.ofEntries(
          Map.entry("Fill", 0),
          Map.entry("BroadcastTo", 1),
          Map.entry("Tile", 1),
          Map.entry("OneHot", 1),
          Map.entry("ResizeArea", 1),
          Map.entry("ResizeBicubic", 1),
          Map.entry("ResizeBilinear", 1),
          Map.entry("ResizeNearestNeighbor", 1),
          Map.entry("ScaleAndTranslate", 1),
          Map.entry("FusedResizeAndPadConv2D", 1),
          Map.entry("RFFT", 1),
          Map.entry("RFFT2D", 1),
          Map.entry("IRFFT", 1),
          Map.entry("IRFFT2D", 1),
          Map.entry("TensorListReserve", 1),
          Map.entry("TensorListStack", 1),
          Map.entry("TensorListGetItem", 2),
          Map.entry("LinSpace", 2),
          Map.entry("ScatterNd", 2),
          Map.entry("ImageProjectiveTransformV2", 2),
          Map.entry("ImageProjectiveTransformV3", 2),
          Map.entry("CropAndResize", 3));

  private static final Set<String> PADDINGS = Set.of("Pad", "PadV2", "MirrorPad", "FusedPadConv2D");

  /** Longest chain of Identity nodes between a constant and its reader. */
  private static final int MAX_CHAIN = 1000;

  private final GraphBody body;
  private final Map<String, NodeDef> nodes = new HashMap<>();

  OutputSizes(GraphBody body) {
    this.body = body;
    body.nodes().forEach(node -> nodes.put(node.getName(), node));
  }

  /**
   * The bytes of a node's output as far as constants determine them, otherwise 0.
   *
   * @throws RefusedException if they are too many
   */
  long bytes(NodeDef node) {
    long elements = elements(node);
    long bytes = ByteCount.product(elements, TensorSizes.bytes(type(node)));
    if (bytes > ByteCount.MAX_BYTES) {
      throw TensorSizes.tooLarge(body, node);
    }
    return bytes;
  }

  private static DataType type(NodeDef node) {
    if (node.getOp().equals("TensorListReserve")) {
      // Each element is a handle of a tensor, which is as large as a string.
      return DataType.DT_STRING;
    }
    return isRange(node)
        ? NodeDefs.type(node, node.containsAttr("Tidx") ? "Tidx" : "T")
        : NodeDefs.type(node, node.containsAttr("element_dtype") ? "element_dtype" : "T");
  }

  private long elements(NodeDef node) {
    if (SIZES.containsKey(node.getOp())) {
      return constant(node, SIZES.get(node.getOp())).map(OutputSizes::product).orElse(0L);
    }
    if (PADDINGS.contains(node.getOp())) {
      return constant(node, 1).map(OutputSizes::padded).orElse(0L);
    }
    return isRange(node) ? range(node) : 0;
  }

  private static boolean isRange(NodeDef node) {
    return node.getOp().equals("Range");
  }

  private static long product(List<Double> sizes) {
    long product = 1;
    for (double size : sizes) {
      product = ByteCount.product(product, Math.max(1, (long) size));
    }
    return product;
  }

  /** Paddings are pairs: before and after each dimension. */
  private static long padded(List<Double> paddings) {
    long product = 1;
    for (int i = 0; i + 1 < paddings.size(); i += 2) {
      long added = Math.max(0, (long) (paddings.get(i) + paddings.get(i + 1)));
      product = ByteCount.product(product, ByteCount.sum(1, added));
    }
    return product;
  }

  private long range(NodeDef node) {
    Optional<Double> start = scalar(node, 0);
    Optional<Double> limit = scalar(node, 1);
    Optional<Double> delta = scalar(node, 2);
    return start.isPresent() && limit.isPresent() && delta.isPresent()
        ? (long) Math.max(0, Math.ceil((limit.get() - start.get()) / delta.get()))
        : 0;
  }

  private Optional<Double> scalar(NodeDef node, int input) {
    return constant(node, input).filter(values -> values.size() == 1).map(values -> values.get(0));
  }

  private Optional<List<Double>> constant(NodeDef reader, int input) {
    NodeDef node = reader;
    int read = input;
    for (int i = 0; i < MAX_CHAIN && read < node.getInputCount(); i++) {
      node = nodes.get(GraphIndex.operation(node.getInput(read)));
      read = 0;
      if (node == null) {
        return Optional.empty();
      }
      if (node.getOp().equals("Const")) {
        return SizeValues.read(node.getAttrMap().get("value"));
      }
      if (!node.getOp().equals("Identity")) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
