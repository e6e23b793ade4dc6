package dev.retrain.backbone.graph;

import com.google.protobuf.ByteString;
import java.util.List;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Makes and reads nodes. */
public final class NodeDefs {
  private NodeDefs() {}

  /** A node of float32 values. */
  public static NodeDef.Builder floats(String name, String op, String... inputs) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp(op)
        .addAllInput(List.of(inputs))
        .putAttr("T", type(DataType.DT_FLOAT));
  }

  /** A constant. */
  public static NodeDef constant(String name, TensorProto value) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Const")
        .putAttr("dtype", type(value.getDtype()))
        .putAttr("value", AttrValue.newBuilder().setTensor(value).build())
        .build();
  }

  /** A constant of one float32. */
  public static NodeDef constant(String name, float value) {
    return constant(
        name,
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(TensorShapeProto.getDefaultInstance())
            .addFloatVal(value)
            .build());
  }

  /** The value of a constant. */
  public static TensorProto value(NodeDef constant) {
    return constant.getAttrOrThrow("value").getTensor();
  }

  /** The sizes of a constant. */
  public static List<Long> shape(NodeDef constant) {
    return value(constant).getTensorShape().getDimList().stream()
        .map(TensorShapeProto.Dim::getSize)
        .toList();
  }

  /** The sizes as a shape. */
  public static TensorShapeProto shape(long... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : sizes) {
      shape.addDimBuilder().setSize(size);
    }
    return shape.build();
  }

  /** A type as an attribute. */
  public static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  /** A node's attribute, float32 where it is left out. */
  public static DataType type(NodeDef node, String attribute) {
    AttrValue value = node.getAttrMap().get(attribute);
    return value == null ? DataType.DT_FLOAT : value.getType();
  }

  /** Whether a node has its channels last, as all do that do not say otherwise. */
  public static boolean channelsLast(NodeDef node) {
    AttrValue format = node.getAttrMap().get("data_format");
    return format == null || format.getS().equals(ByteString.copyFromUtf8("NHWC"));
  }
}
