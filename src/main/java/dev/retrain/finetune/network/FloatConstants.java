package dev.retrain.finetune.network;

import com.google.protobuf.ByteString;
import dev.retrain.backbone.graph.NodeDefs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/** Reads and writes the values of float32 {@code Const} nodes. */
final class FloatConstants {
  private FloatConstants() {}

  /** The values, row by row. */
  static float[] values(NodeDef constant) {
    TensorProto tensor = NodeDefs.value(constant);
    float[] values = new float[Math.toIntExact(NodeDefs.elements(tensor.getTensorShape()))];
    if (!tensor.getTensorContent().isEmpty()) {
      tensor
          .getTensorContent()
          .asReadOnlyByteBuffer()
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values);
      return values;
    }
    // A short list is continued by its last value.
    int given = tensor.getFloatValCount();
    for (int i = 0; i < values.length; i++) {
      values[i] = given == 0 ? 0 : tensor.getFloatVal(Math.min(i, given - 1));
    }
    return values;
  }

  /** A constant with the name and shape of another one. */
  static NodeDef with(NodeDef constant, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return NodeDefs.constant(
        constant.getName(),
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(NodeDefs.value(constant).getTensorShape())
            .setTensorContent(ByteString.copyFrom(bytes))
            .build());
  }
}
