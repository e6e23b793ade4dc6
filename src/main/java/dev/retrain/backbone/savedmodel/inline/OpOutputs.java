package dev.retrain.backbone.savedmodel.inline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.OpDef.ArgDef;
import org.tensorflow.proto.OpDef.AttrDef;
import org.tensorflow.proto.OpList;

/**
 * The outputs of ops. A graph numbers the outputs of a node; a function names them, and numbers
 * those of the same name.
 */
final class OpOutputs {
  private final Map<String, OpDef> ops = new HashMap<>();

  /**
   * @param registered the ops that TensorFlow has
   * @param functions the functions of the graph, which can be called like ops
   */
  OpOutputs(OpList registered, Iterable<FunctionDef> functions) {
    registered.getOpList().forEach(op -> ops.put(op.getName(), op));
    functions.forEach(f -> ops.put(f.getSignature().getName(), f.getSignature()));
  }

  /** A number in a reference to a tensor. */
  static int number(String text) {
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s' is not the index of an output".formatted(text), e);
    }
  }

  /** Whether TensorFlow has an op, or the graph a function, of that name. */
  boolean isKnown(String op) {
    return ops.containsKey(op);
  }

  /** The number of an output among all outputs of a node. */
  int index(NodeDef node, String output, int index) {
    int first = 0;
    for (ArgDef declared : declared(node)) {
      if (declared.getName().equals(output)) {
        return first + index;
      }
      first += count(node, declared);
    }
    throw new IllegalArgumentException(
        "op '%s' has no output '%s'".formatted(node.getOp(), output));
  }

  /** The name of an output in a function: {@code output:index}. */
  String name(NodeDef node, int index) {
    int rest = index;
    for (ArgDef declared : declared(node)) {
      int count = count(node, declared);
      if (rest < count) {
        return declared.getName() + ":" + rest;
      }
      rest -= count;
    }
    throw new IllegalArgumentException(
        "node '%s' has no output %s".formatted(node.getName(), index));
  }

  /** The type of an output; {@code DT_INVALID} if it is unknown. */
  DataType type(NodeDef node, int index) {
    int rest = index;
    if (!isKnown(node.getOp())) {
      return DataType.DT_INVALID;
    }
    for (ArgDef declared : declared(node)) {
      int count = count(node, declared);
      if (rest < count) {
        if (!declared.getTypeListAttr().isEmpty()) {
          return attribute(node, declared.getTypeListAttr()).getList().getType(rest);
        }
        return declared.getTypeAttr().isEmpty()
            ? declared.getType()
            : attribute(node, declared.getTypeAttr()).getType();
      }
      rest -= count;
    }
    return DataType.DT_INVALID;
  }

  private List<ArgDef> declared(NodeDef node) {
    OpDef op = ops.get(node.getOp());
    if (op == null) {
      throw new IllegalArgumentException(
          "op '%s' (node '%s') is unknown to this version of TensorFlow"
              .formatted(node.getOp(), node.getName()));
    }
    return op.getOutputArgList();
  }

  private int count(NodeDef node, ArgDef declared) {
    if (!declared.getNumberAttr().isEmpty()) {
      return Math.toIntExact(attribute(node, declared.getNumberAttr()).getI());
    }
    return declared.getTypeListAttr().isEmpty()
        ? 1
        : attribute(node, declared.getTypeListAttr()).getList().getTypeCount();
  }

  private AttrValue attribute(NodeDef node, String name) {
    return node.getAttrOrDefault(
        name,
        ops.get(node.getOp()).getAttrList().stream()
            .filter(declared -> declared.getName().equals(name))
            .map(AttrDef::getDefaultValue)
            .findFirst()
            .orElse(AttrValue.getDefaultInstance()));
  }
}
