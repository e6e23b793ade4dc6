package dev.retrain.backbone.guard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.TensorProto;

/** Reads the few numbers of a constant that holds sizes. */
final class SizeValues {
  /** TensorFlow's tensors have at most 254 dimensions, and each has two paddings. */
  private static final int MAX_VALUES = 2 * 254;

  private SizeValues() {}

  /**
   * Reads the values.
   *
   * @param value the value of a {@code Const} node; null if it has none
   * @return the values; absent if they are too many to be sizes, or not int32, int64, float32 or
   *     float64
   */
  static Optional<List<Double>> read(AttrValue value) {
    if (value == null || !value.hasTensor()) {
      return Optional.empty();
    }
    TensorProto tensor = value.getTensor();
    long count = 1;
    for (var dimension : tensor.getTensorShape().getDimList()) {
      count = ByteCount.product(count, Math.max(0, dimension.getSize()));
    }
    if (count > MAX_VALUES) {
      return Optional.empty();
    }
    List<Double> values = values(tensor);
    // TensorProto repeats the last value of a list that is too short.
    while (!values.isEmpty() && values.size() < count) {
      values.add(values.get(values.size() - 1));
    }
    return values.isEmpty() ? Optional.empty() : Optional.of(values);
  }

  private static List<Double> values(TensorProto tensor) {
    ByteBuffer content =
        tensor.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    List<Double> values = new ArrayList<>();
    switch (tensor.getDtype()) {
      case DT_INT32 -> {
        tensor.getIntValList().forEach(value -> values.add(value.doubleValue()));
        while (content.remaining() >= Integer.BYTES) {
          values.add((double) content.getInt());
        }
      }
      case DT_INT64 -> {
        tensor.getInt64ValList().forEach(value -> values.add(value.doubleValue()));
        while (content.remaining() >= Long.BYTES) {
          values.add((double) content.getLong());
        }
      }
      case DT_FLOAT -> {
        tensor.getFloatValList().forEach(value -> values.add(value.doubleValue()));
        while (content.remaining() >= Float.BYTES) {
          values.add((double) content.getFloat());
        }
      }
      case DT_DOUBLE -> {
        values.addAll(tensor.getDoubleValList());
        while (content.remaining() >= Double.BYTES) {
          values.add(content.getDouble());
        }
      }
      default -> {}
    }
    return values;
  }
}
