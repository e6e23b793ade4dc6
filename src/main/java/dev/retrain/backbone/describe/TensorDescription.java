package dev.retrain.backbone.describe;

import dev.retrain.backbone.graph.NodeDefs;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorShapeProto;

/**
 * A tensor.
 *
 * @param name {@code name:index}
 * @param type such as {@code float32}
 * @param shape sizes, -1 for those that vary; absent if even the rank is unknown
 */
public record TensorDescription(String name, String type, Optional<List<Long>> shape) {
  public TensorDescription {
    shape = shape.map(List::copyOf);
  }

  static TensorDescription of(String name, DataType type, Optional<List<Long>> shape) {
    return new TensorDescription(name, NodeDefs.name(type), shape);
  }

  static Optional<List<Long>> shape(TensorShapeProto shape) {
    return shape.getUnknownRank()
        ? Optional.empty()
        : Optional.of(shape.getDimList().stream().map(TensorShapeProto.Dim::getSize).toList());
  }

  /** Such as {@code [?, 224, 224, 3]}; {@code ?} if the rank is unknown. */
  public String shapeText() {
    return shape
        .map(
            sizes ->
                sizes.stream()
                    .map(size -> size < 0 ? "?" : size.toString())
                    .collect(Collectors.joining(", ", "[", "]")))
        .orElse("?");
  }
}
