package dev.retrain.finetune.network;

import com.google.protobuf.ByteString;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.List;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/** The nodes of parameters and normalizations in a training graph. */
final class ParameterNodes {
  private ParameterNodes() {}

  /** A variable, and a node with the parameter's name that reads it. */
  static List<NodeDef> variable(NetworkParameter parameter) {
    NodeDef variable =
        NodeDef.newBuilder()
            .setName(parameter.variable())
            .setOp("VarHandleOp")
            .putAttr("dtype", NodeDefs.type(DataType.DT_FLOAT))
            .putAttr("shape", AttrValue.newBuilder().setShape(parameter.shape()).build())
            // Variables without a shared name are one and the same.
            .putAttr(
                "shared_name",
                AttrValue.newBuilder().setS(ByteString.copyFromUtf8(parameter.variable())).build())
            .build();
    NodeDef value =
        NodeDef.newBuilder()
            .setName(parameter.name())
            .setOp("ReadVariableOp")
            .addInput(parameter.variable())
            .putAttr("dtype", NodeDefs.type(DataType.DT_FLOAT))
            .build();
    return List.of(variable, value);
  }

  /** A normalization by the batch's moments, and a node that takes the place of the old one. */
  static List<NodeDef> normalization(Normalization normalization) {
    String none = normalization.normalization() + "/no_moments";
    return List.of(
        NodeDefs.constant(
            none,
            TensorProto.newBuilder()
                .setDtype(DataType.DT_FLOAT)
                .setTensorShape(NodeDefs.shape(0))
                .build()),
        batchNormalization(
            normalization.normalization(),
            true,
            normalization.epsilon(),
            normalization.input(),
            normalization.gamma(),
            normalization.beta(),
            none,
            none),
        NodeDefs.floats(normalization.name(), "Identity", normalization.normalization()).build());
  }

  /**
   * A {@code FusedBatchNormV3} node, channels last.
   *
   * @param inputs values, gamma, beta, mean and variance
   */
  static NodeDef batchNormalization(
      String name, boolean training, float epsilon, String... inputs) {
    return NodeDefs.floats(name, "FusedBatchNormV3", inputs)
        .putAttr("U", NodeDefs.type(DataType.DT_FLOAT))
        .putAttr("epsilon", AttrValue.newBuilder().setF(epsilon).build())
        .putAttr("is_training", AttrValue.newBuilder().setB(training).build())
        .build();
  }
}
