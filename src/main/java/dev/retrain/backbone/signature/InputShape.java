package dev.retrain.backbone.signature;

import dev.retrain.backbone.signature.GraphSignature.Size;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * The shape of a placeholder for images.
 *
 * @param dimensions sizes, -1 where unknown; empty if the rank is unknown
 */
record InputShape(List<Long> dimensions) {
  static final InputShape UNKNOWN = new InputShape(List.of());

  /** Sizes that are numbers of channels: gray, color, color with transparency. */
  private static final Set<Long> CHANNELS = Set.of(1L, 3L, 4L);

  /** Larger sizes are not sizes of images. */
  private static final int MAX_SIZE = 1 << 14;

  private static final int RANK = 4;

  InputShape {
    dimensions = List.copyOf(dimensions);
  }

  /** The shape in a placeholder's attribute; old graphs have a scalar where it is unknown. */
  static InputShape of(NodeDef placeholder) {
    TensorShapeProto shape =
        placeholder.getAttrOrDefault("shape", AttrValue.getDefaultInstance()).getShape();
    return new InputShape(shape.getDimList().stream().map(TensorShapeProto.Dim::getSize).toList());
  }

  private boolean isKnown() {
    return !dimensions.isEmpty();
  }

  /** Whether the rank is that of a batch of images, or unknown. */
  boolean canBeImages() {
    return !isKnown() || dimensions.size() == RANK;
  }

  /** Whether it is [n, channels, height, width]. */
  boolean isChannelsFirst() {
    if (!isKnown()) {
      return false;
    }
    long last = dimensions.get(RANK - 1);
    return last == -1
        ? dimensions.get(1) == 3
        : CHANNELS.contains(dimensions.get(1)) && !CHANNELS.contains(last);
  }

  /** The number of channels; absent if it is unknown. */
  OptionalLong channels() {
    long channels = isKnown() ? dimensions.get(isChannelsFirst() ? 1 : RANK - 1) : -1;
    return channels == -1 ? OptionalLong.empty() : OptionalLong.of(channels);
  }

  /** Height and width; absent if they are unknown or not those of images. */
  Optional<Size> size() {
    if (!isKnown()) {
      return Optional.empty();
    }
    int first = isChannelsFirst() ? 2 : 1;
    long height = dimensions.get(first);
    long width = dimensions.get(first + 1);
    return height > 0 && width > 0 && height <= MAX_SIZE && width <= MAX_SIZE
        ? Optional.of(new Size((int) height, (int) width))
        : Optional.empty();
  }

  /** Such as {@code [?, 224, 224, 3]}. */
  @Override
  public String toString() {
    return dimensions.stream()
        .map(size -> size == -1 ? "?" : size.toString())
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
