package dev.retrain.backbone.savedmodel.inline;

import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.savedmodel.inline.Scope.Output;
import dev.retrain.backbone.savedmodel.inline.Scope.Source;
import dev.retrain.backbone.savedmodel.inline.Value.Dead;
import dev.retrain.backbone.savedmodel.inline.Value.Handle;
import dev.retrain.backbone.savedmodel.inline.Value.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** What each op becomes in a frozen graph, once its inputs are known. */
final class NodeRules {
  private final Library library;
  private final Body body;
  private final Resolution resolver;
  private final KeptFunctions functions;
  private final Map<Handle, Tensor> constants = new HashMap<>();

  NodeRules(Library library, Body body, Resolution resolver) {
    this.library = library;
    this.body = body;
    this.resolver = resolver;
    functions = new KeptFunctions(library, resolver);
  }

  /** The value of a variable, as a constant. */
  Tensor constant(Handle variable) {
    return constants.computeIfAbsent(
        variable,
        handle -> {
          String name = body.freshName(handle.node());
          body.add(VariableNodes.constant(name, library.variable(handle.node())));
          return new Tensor(name);
        });
  }

  /** A constant int32 scalar. */
  Tensor integer(String preferred, int value) {
    String name = body.freshName(preferred);
    body.add(
        NodeDefs.constant(
            name,
            TensorProto.newBuilder()
                .setDtype(DataType.DT_INT32)
                .setTensorShape(TensorShapeProto.getDefaultInstance())
                .addIntVal(value)
                .build()));
    return new Tensor(name);
  }

  /**
   * The predicate of a condition.
   *
   * @param input which input of the node it is
   * @return empty if it must be resolved first; an empty value if it is not constant
   */
  Optional<Optional<Boolean>> predicate(Scope scope, NodeDef node, int input) {
    Value value = resolver.need(resolver.inputs(scope, node, 0).get(input));
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(
        value instanceof Tensor tensor
            ? ConstantConditions.bool(body, tensor.name())
            : Optional.empty());
  }

  /** The values of all inputs; null if some must be resolved first. */
  private List<Value> inputs(Output output, NodeDef node) {
    List<Value> values = new ArrayList<>();
    for (Source source : resolver.inputs(output.scope(), node, 0)) {
      values.add(resolver.need(source));
    }
    return values.contains(null) ? null : values;
  }

  /** The value of an output of a node that is no call. */
  Value value(Output output, NodeDef node) {
    if (node.getOp().equals("While") || node.getOp().equals("StatelessWhile")) {
      return kept(output, node);
    }
    List<Value> inputs = inputs(output, node);
    if (inputs == null) {
      return null;
    }
    if (inputs.stream().anyMatch(Dead.class::isInstance)) {
      return new Dead();
    }
    if (!inputs.isEmpty() && inputs.get(0) instanceof Handle variable) {
      return ofVariable(output, node, variable, inputs);
    }
    return add(output, node, tensors(node, inputs));
  }

  private Value ofVariable(Output output, NodeDef node, Handle variable, List<Value> inputs) {
    String constant = constant(variable).name();
    return switch (node.getOp()) {
      case "ReadVariableOp" -> new Tensor(constant);
      case "VariableShape" -> shape(output, library.variable(variable.node()), constant);
      case "ResourceGather" ->
          gather(output, node, constant, tensors(node, inputs.subList(1, 2)).get(0));
      default -> throw unsupported(node);
    };
  }

  private static IllegalArgumentException unsupported(NodeDef node) {
    return new IllegalArgumentException(
        "op '%s' (node '%s') changes a variable, or uses it in a way that is not supported"
            .formatted(node.getOp(), node.getName()));
  }

  private Value shape(Output output, NodeDef variable, String constant) {
    body.add(
        NodeDef.newBuilder()
            .setName(resolver.name(output))
            .setOp("Shape")
            .addInput(constant)
            .putAttr("T", variable.getAttrOrThrow("dtype"))
            .build());
    return new Tensor(resolver.name(output));
  }

  private Value gather(Output output, NodeDef node, String constant, String indices) {
    AttrValue batchDims = node.getAttrOrDefault("batch_dims", AttrValue.newBuilder().build());
    String axis =
        integer(resolver.name(output) + "/axis", Math.toIntExact(batchDims.getI())).name();
    body.add(
        NodeDef.newBuilder()
            .setName(resolver.name(output))
            .setOp("GatherV2")
            .addAllInput(List.of(constant, indices, axis))
            .putAttr("Tparams", node.getAttrOrThrow("dtype"))
            .putAttr("Tindices", node.getAttrOrThrow("Tindices"))
            .putAttr("Taxis", NodeDefs.type(DataType.DT_INT32))
            .putAttr("batch_dims", AttrValue.newBuilder().setI(batchDims.getI()).build())
            .build());
    return new Tensor(resolver.name(output));
  }

  private static List<String> tensors(NodeDef node, List<Value> values) {
    List<String> tensors = new ArrayList<>();
    for (Value value : values) {
      if (!(value instanceof Tensor tensor)) {
        throw unsupported(node);
      }
      tensors.add(tensor.name());
    }
    return tensors;
  }

  /** A condition or loop that remains, with its functions. */
  Value kept(Output output, NodeDef node) {
    List<Value> inputs = inputs(output, node);
    if (inputs == null) {
      return null;
    }
    if (inputs.stream().anyMatch(Dead.class::isInstance)) {
      return new Dead();
    }
    boolean loop = node.getOp().endsWith("While");
    if (loop && inputs.get(output.index()) instanceof Handle) {
      return inputs.get(output.index());
    }
    List<Value> tensors = inputs.stream().filter(Tensor.class::isInstance).toList();
    String name = resolver.name(output);
    if (body.node(name) == null) {
      NodeDef frozen = functions.freeze(output.scope().depth(), node, inputs);
      add(output, frozen, tensors(node, tensors));
    }
    int index =
        loop
            ? (int)
                inputs.subList(0, output.index()).stream().filter(Tensor.class::isInstance).count()
            : output.index();
    return tensor(name, index);
  }

  /** Adds a node, unless another of its outputs has added it. */
  Tensor add(Output output, NodeDef node, List<String> inputs) {
    String name = resolver.name(output);
    if (body.node(name) == null) {
      library.countNode();
      NodeDef.Builder added = Body.cleaned(node, name, inputs);
      body.add(
          node.getOp().equals("RefSwitch") || node.getOp().equals("RefMerge")
              ? added.setOp(node.getOp().substring("Ref".length())).build()
              : added.build());
    }
    return tensor(name, output.index());
  }

  private static Tensor tensor(String name, int index) {
    return new Tensor(index == 0 ? name : name + ":" + index);
  }
}
