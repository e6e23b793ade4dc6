package dev.retrain.backbone.guard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;

/** Reads the few numbers of a constant that holds sizes. */
final class SizeValues {
  /** TensorFlow's tensors have at most 254 dimensions, and each has two paddings. */
  private static final int MAX_VALUES = 2 * 254;

  private static final Set<DataType> TYPES =
      Set.of(DataType.DT_INT32, DataType.DT_INT64, DataType.DT_FLOAT, DataType.DT_DOUBLE);

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
    if (count == 0 || count > MAX_VALUES || !TYPES.contains(tensor.getDtype())) {
      return Optional.empty();
    }
    List<Double> values = values(tensor);
    // TensorProto repeats the last value of a list that is too short, and 0 if it is empty.
    double last = values.isEmpty() ? 0 : values.get(values.size() - 1);
    while (values.size() < count) {
      values.add(last);
    }
    return Optional.of(values);
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
