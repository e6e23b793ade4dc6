package dev.retrain.backbone.graph;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Tensor;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Builds nodes and reads their attributes. */
public final class NodeDefs {
  private NodeDefs() {}

  /** A node with float32 inputs. */
  public static NodeDef.Builder floats(String name, String op, String... inputs) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp(op)
        .addAllInput(List.of(inputs))
        .putAttr("T", type(DataType.DT_FLOAT));
  }

  /** A {@code Const} node. */
  public static NodeDef constant(String name, TensorProto value) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Const")
        .putAttr("dtype", type(value.getDtype()))
        .putAttr("value", AttrValue.newBuilder().setTensor(value).build())
        .build();
  }

  /** A {@code Const} node with a float32 scalar. */
  public static NodeDef constant(String name, float value) {
    return constant(
        name,
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(TensorShapeProto.getDefaultInstance())
            .addFloatVal(value)
            .build());
  }

  /** An int32 tensor with one dimension. */
  public static TensorProto ints(List<? extends Number> values) {
    return ints(shape(values.size()), values);
  }

  /**
   * An int32 tensor.
   *
   * @throws ArithmeticException if a value is out of range
   */
  public static TensorProto ints(TensorShapeProto shape, List<? extends Number> values) {
    return TensorProto.newBuilder()
        .setDtype(DataType.DT_INT32)
        .setTensorShape(shape)
        .addAllIntVal(values.stream().map(value -> Math.toIntExact(value.longValue())).toList())
        .build();
  }

  /** A tensor of numbers or truth values as the value of a {@code Const} node. */
  public static TensorProto value(Tensor tensor) {
    byte[] bytes = new byte[Math.toIntExact(tensor.numBytes())];
    tensor.asRawTensor().data().read(bytes);
    return TensorProto.newBuilder()
        .setDtype(tensor.dataType())
        .setTensorShape(shape(tensor.shape().asArray()))
        .setTensorContent(ByteString.copyFrom(bytes))
        .build();
  }

  /** The value of a {@code Const} node. */
  public static TensorProto value(NodeDef constant) {
    return constant.getAttrOrThrow("value").getTensor();
  }

  /** The shape of a {@code Const} node. */
  public static List<Long> shape(NodeDef constant) {
    return value(constant).getTensorShape().getDimList().stream()
        .map(TensorShapeProto.Dim::getSize)
        .toList();
  }

  /** The number of values of a tensor of this shape. */
  public static long elements(TensorShapeProto shape) {
    return shape.getDimList().stream()
        .mapToLong(TensorShapeProto.Dim::getSize)
        .reduce(1, Math::multiplyExact);
  }

  /** A float32 placeholder; a size is -1 if it is open. */
  public static NodeDef placeholder(String name, long... sizes) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Placeholder")
        .putAttr("dtype", type(DataType.DT_FLOAT))
        .putAttr("shape", AttrValue.newBuilder().setShape(shape(sizes)).build())
        .build();
  }

  /** A shape with these sizes. */
  public static TensorShapeProto shape(long... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : sizes) {
      shape.addDimBuilder().setSize(size);
    }
    return shape.build();
  }

  /** An attribute with a type. */
  public static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  /** A type attribute of a node; float32 if it is absent. */
  public static DataType type(NodeDef node, String attribute) {
    AttrValue value = node.getAttrMap().get(attribute);
    return value == null ? DataType.DT_FLOAT : value.getType();
  }

  /** The name of a type in TensorFlow's documentation: {@code float32}, {@code bool}. */
  public static String name(DataType type) {
    return switch (type) {
      case DT_FLOAT -> "float32";
      case DT_DOUBLE -> "float64";
      case DT_HALF -> "float16";
      default -> type.name().replaceFirst("^DT_", "").toLowerCase(Locale.ROOT);
    };
  }

  /** Whether the node's data format is NHWC, which is the default. */
  public static boolean channelsLast(NodeDef node) {
    AttrValue format = node.getAttrMap().get("data_format");
    return format == null || format.getS().equals(ByteString.copyFromUtf8("NHWC"));
  }
}
