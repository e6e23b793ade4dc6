package dev.retrain.backbone.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/** Reads the values of small constants. */
public final class ConstantValues {
  /** Larger constants are weights, which nothing here needs. */
  private static final long MAX_ELEMENTS = 1 << 16;

  private ConstantValues() {}

  /**
   * The values of a {@code Const} node as numbers.
   *
   * @param constant the node
   * @return the elements, row-major; empty if they are many, or of a type without numbers
   */
  public static Optional<double[]> read(NodeDef constant) {
    TensorProto value = NodeDefs.value(constant);
    long count = 1;
    for (long size : NodeDefs.shape(constant)) {
      count *= size;
      if (size < 0 || count > MAX_ELEMENTS) {
        return Optional.empty();
      }
    }
    int bytes = bytes(value.getDtype());
    if (bytes == 0) {
      return Optional.empty();
    }
    double[] values = new double[(int) count];
    if (!value.getTensorContent().isEmpty()) {
      return value.getTensorContent().size() == count * bytes
          ? Optional.of(fromContent(value, values))
          : Optional.empty();
    }
    int given = given(value);
    for (int i = 0; i < values.length; i++) {
      // Missing elements repeat the last one; without any, they are 0.
      values[i] = given == 0 ? 0 : element(value, Math.min(i, given - 1));
    }
    return Optional.of(values);
  }

  private static int bytes(DataType type) {
    return switch (type) {
      case DT_FLOAT, DT_INT32 -> 4;
      case DT_DOUBLE, DT_INT64 -> 8;
      case DT_HALF, DT_BFLOAT16 -> 2;
      default -> 0;
    };
  }

  private static double[] fromContent(TensorProto value, double[] values) {
    ByteBuffer content =
        value.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (value.getDtype()) {
            case DT_FLOAT -> content.getFloat();
            case DT_DOUBLE -> content.getDouble();
            case DT_INT32 -> content.getInt();
            case DT_INT64 -> content.getLong();
            default -> half(value.getDtype(), content.getShort());
          };
    }
    return values;
  }

  private static int given(TensorProto value) {
    return switch (value.getDtype()) {
      case DT_FLOAT -> value.getFloatValCount();
      case DT_DOUBLE -> value.getDoubleValCount();
      case DT_INT32 -> value.getIntValCount();
      case DT_INT64 -> value.getInt64ValCount();
      default -> value.getHalfValCount();
    };
  }

  private static double element(TensorProto value, int index) {
    return switch (value.getDtype()) {
      case DT_FLOAT -> value.getFloatVal(index);
      case DT_DOUBLE -> value.getDoubleVal(index);
      case DT_INT32 -> value.getIntVal(index);
      case DT_INT64 -> value.getInt64Val(index);
      default -> half(value.getDtype(), (short) value.getHalfVal(index));
    };
  }

  /**
   * A bfloat16 is the upper half of a float32; a float16 has 5 bits of exponent and 10 of value.
   */
  private static double half(DataType type, short bits) {
    if (type == DataType.DT_BFLOAT16) {
      return Float.intBitsToFloat(bits << 16);
    }
    int exponent = bits >> 10 & 0x1f;
    double fraction = (bits & 0x3ff) / 1024.0;
    double magnitude =
        exponent == 0
            ? Math.scalb(fraction, -14)
            : exponent == 0x1f
                ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                : Math.scalb(1 + fraction, exponent - 15);
    return bits < 0 ? -magnitude : magnitude;
  }
}
