package dev.retrain.backbone.savedmodel.inline;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/** Evaluates conditions that are constant: whether a network is in training mode. */
final class ConstantConditions {
  /** Nodes that are followed; conditions of networks are a few nodes long. */
  private static final int MAX_STEPS = 50;

  private final Body body;
  private int steps;

  private ConstantConditions(Body body) {
    this.body = body;
  }

  /** The value of a boolean tensor, if it is constant. */
  static Optional<Boolean> bool(Body body, String tensor) {
    return new ConstantConditions(body).bool(tensor);
  }

  /** The value of an int32 tensor, if it is constant. */
  static OptionalInt integer(Body body, String tensor) {
    Optional<TensorProto> value = new ConstantConditions(body).constant(tensor, DataType.DT_INT32);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    TensorProto constant = value.get();
    if (constant.getTensorContent().size() == Integer.BYTES) {
      return OptionalInt.of(
          constant
              .getTensorContent()
              .asReadOnlyByteBuffer()
              .order(ByteOrder.LITTLE_ENDIAN)
              .getInt());
    }
    return OptionalInt.of(constant.getIntValCount() == 0 ? 0 : constant.getIntVal(0));
  }

  private Optional<Boolean> bool(String tensor) {
    NodeDef node = body.node(GraphIndex.operation(tensor));
    if (node == null || ++steps > MAX_STEPS) {
      return Optional.empty();
    }
    return switch (node.getOp()) {
      case "Const" -> constant(tensor, DataType.DT_BOOL).map(ConstantConditions::bool);
      case "Identity", "StopGradient" -> bool(node.getInput(0));
      case "LogicalNot" -> bool(node.getInput(0)).map(value -> !value);
      case "LogicalAnd", "LogicalOr" -> {
        // One operand may decide.
        boolean deciding = node.getOp().equals("LogicalOr");
        Optional<Boolean> first = bool(node.getInput(0));
        Optional<Boolean> second = bool(node.getInput(1));
        if (first.equals(Optional.of(deciding)) || second.equals(Optional.of(deciding))) {
          yield Optional.of(deciding);
        }
        yield first.isPresent() && second.isPresent() ? Optional.of(!deciding) : Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private static boolean bool(TensorProto constant) {
    return constant.getTensorContent().isEmpty()
        ? constant.getBoolValCount() > 0 && constant.getBoolVal(0)
        : constant.getTensorContent().byteAt(0) != 0;
  }

  private Optional<TensorProto> constant(String tensor, DataType type) {
    NodeDef node = body.node(GraphIndex.operation(tensor));
    while (node != null && node.getOp().equals("Identity") && ++steps < MAX_STEPS) {
      node = body.node(GraphIndex.operation(node.getInput(0)));
    }
    return Optional.ofNullable(node)
        .filter(n -> n.getOp().equals("Const") && n.containsAttr("value"))
        .map(NodeDefs::value)
        .filter(value -> value.getDtype() == type)
        .filter(value -> value.getTensorShape().getDimCount() == 0);
  }
}
