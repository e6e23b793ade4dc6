package dev.retrain.backbone.guard;

import dev.retrain.backbone.graph.SafeText;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Checks the shapes and tensors in the attributes of nodes, which TensorFlow allocates. */
final class TensorSizes {
  /** Bytes per element; a string is TensorFlow's header. */
  private static final Map<DataType, Integer> BYTES =
      Map.ofEntries(
          Map.entry(DataType.DT_BOOL, 1),
          Map.entry(DataType.DT_INT8, 1),
          Map.entry(DataType.DT_UINT8, 1),
          Map.entry(DataType.DT_QINT8, 1),
          Map.entry(DataType.DT_QUINT8, 1),
          Map.entry(DataType.DT_INT16, 2),
          Map.entry(DataType.DT_UINT16, 2),
          Map.entry(DataType.DT_QINT16, 2),
          Map.entry(DataType.DT_QUINT16, 2),
          Map.entry(DataType.DT_HALF, 2),
          Map.entry(DataType.DT_BFLOAT16, 2),
          Map.entry(DataType.DT_INT32, 4),
          Map.entry(DataType.DT_UINT32, 4),
          Map.entry(DataType.DT_QINT32, 4),
          Map.entry(DataType.DT_FLOAT, 4),
          Map.entry(DataType.DT_INT64, 8),
          Map.entry(DataType.DT_UINT64, 8),
          Map.entry(DataType.DT_DOUBLE, 8),
          Map.entry(DataType.DT_COMPLEX64, 8),
          Map.entry(DataType.DT_COMPLEX128, 16),
          Map.entry(DataType.DT_STRING, 24));

  /** The most dimensions of a tensor in TensorFlow. */
  private static final int MAX_DIMENSIONS = 254;

  private TensorSizes() {}

  /** Bytes per element of a type; 4 if it is not one of the above. */
  static int bytes(DataType type) {
    return BYTES.getOrDefault(type, 4);
  }

  /**
   * The bytes that the tensors of a node's attributes take.
   *
   * @throws RefusedException if a tensor or shape is too large
   * @throws dev.retrain.util.RetrainException if a shape is invalid, or a tensor doesn't fit its
   *     shape
   */
  static long bytes(GraphBody body, NodeDef node) {
    ByteCount total = new ByteCount();
    for (AttrValue value : node.getAttrMap().values()) {
      if (value.hasTensor()) {
        total.add(bytes(body, node, value.getTensor()));
      } else if (value.hasShape()) {
        elements(body, node, value.getShape());
      } else if (value.hasList()) {
        value.getList().getShapeList().forEach(shape -> elements(body, node, shape));
        for (TensorProto tensor : value.getList().getTensorList()) {
          total.add(bytes(body, node, tensor));
        }
      }
    }
    return total.value();
  }

  private static long bytes(GraphBody body, NodeDef node, TensorProto tensor) {
    Integer size = BYTES.get(tensor.getDtype());
    if (size == null) {
      throw body.malformed(node, "holds a tensor that is neither numeric nor of strings");
    }
    List<TensorShapeProto.Dim> dimensions = tensor.getTensorShape().getDimList();
    if (tensor.getTensorShape().getUnknownRank()
        || dimensions.stream().anyMatch(dimension -> dimension.getSize() == -1)) {
      throw body.malformed(node, "holds a tensor of unknown shape");
    }
    long bytes = ByteCount.product(elements(body, node, tensor.getTensorShape()), size);
    if (bytes > ByteCount.MAX_BYTES) {
      throw tooLarge(body, node);
    }
    int content = tensor.getTensorContent().size();
    if (content > 0 && content != bytes && tensor.getDtype() != DataType.DT_STRING) {
      throw body.malformed(
          node,
          String.format(Locale.ROOT, "holds %,d bytes for a tensor of %,d bytes", content, bytes));
    }
    return bytes;
  }

  /** Product of the known sizes. */
  private static long elements(GraphBody body, NodeDef node, TensorShapeProto shape) {
    if (shape.getDimCount() > MAX_DIMENSIONS) {
      throw body.malformed(
          node, String.format(Locale.ROOT, "has a shape of %d dimensions", shape.getDimCount()));
    }
    long elements = 1;
    boolean isEmpty = false;
    for (TensorShapeProto.Dim dimension : shape.getDimList()) {
      if (dimension.getSize() < -1) {
        throw body.malformed(node, "has a shape with the size " + dimension.getSize());
      }
      isEmpty |= dimension.getSize() == 0;
      elements = ByteCount.product(elements, Math.max(1, dimension.getSize()));
    }
    if (elements == Long.MAX_VALUE) {
      throw tooLarge(body, node);
    }
    return isEmpty ? 0 : elements;
  }

  /** An exception for a tensor that is too large. */
  static RefusedException tooLarge(GraphBody body, NodeDef node) {
    return new RefusedException(
        String.format(
            Locale.ROOT,
            "%s (op '%s') needs more than %,d bytes",
            body.describe(node),
            SafeText.quote(node.getOp()),
            ByteCount.MAX_BYTES));
  }
}
