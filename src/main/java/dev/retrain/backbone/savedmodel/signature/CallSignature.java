package dev.retrain.backbone.savedmodel.signature;

import com.google.protobuf.ByteString;
import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.savedmodel.signature.ModelSignature.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedConcreteFunction;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObject;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.Struct.StructuredValue;
import org.tensorflow.proto.Struct.TensorSpecProto;
import org.tensorflow.proto.TensorProto;

/**
 * The {@code __call__} of a module, which a SavedModel can have without a signature. Several traces
 * of it can be stored; the one without {@code training=True} is chosen. Boolean tensors among its
 * arguments are false.
 */
final class CallSignature {
  static final String NAME = "__call__";

  /** Prefix of the nodes that are added to the main graph. */
  private static final String PREFIX = "call_";

  private final SavedObjectGraph objects;
  private final Map<String, FunctionDef> functions = new HashMap<>();
  private final Map<Integer, NodeDef> bound = new TreeMap<>();

  private CallSignature(MetaGraphDef metaGraph) {
    objects = metaGraph.getObjectGraphDef();
    metaGraph
        .getGraphDef()
        .getLibrary()
        .getFunctionList()
        .forEach(f -> functions.put(f.getSignature().getName(), f));
  }

  /** The signature, if the root object has traces of the function. */
  static Optional<ModelSignature> find(MetaGraphDef metaGraph) {
    CallSignature call = new CallSignature(metaGraph);
    if (call.objects.getNodesCount() == 0) {
      return Optional.empty();
    }
    return call.objects.getNodes(0).getChildrenList().stream()
        .filter(child -> child.getLocalName().equals(NAME))
        .filter(child -> child.getNodeId() < call.objects.getNodesCount())
        .map(child -> call.objects.getNodes(child.getNodeId()))
        .filter(SavedObject::hasFunction)
        .flatMap(object -> object.getFunction().getConcreteFunctionsList().stream())
        .sorted()
        .map(call::signature)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<ModelSignature> signature(String function) {
    SavedConcreteFunction concrete = objects.getConcreteFunctionsMap().get(function);
    FunctionDef definition = functions.get(function);
    if (concrete == null || definition == null) {
      return Optional.empty();
    }
    List<StructuredValue> arguments = new ArrayList<>();
    flatten(concrete.getCanonicalizedInputSignature(), arguments);
    if (arguments.stream().anyMatch(v -> v.hasBoolValue() && v.getBoolValue())) {
      return Optional.empty();
    }
    List<TensorSpecProto> specs =
        arguments.stream()
            .filter(StructuredValue::hasTensorSpecValue)
            .map(StructuredValue::getTensorSpecValue)
            .toList();
    int count = definition.getSignature().getInputArgCount() - concrete.getBoundInputsCount();
    if (specs.size() != count) {
      return Optional.empty();
    }
    List<NodeDef> nodes = new ArrayList<>();
    Map<String, Endpoint> inputs = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      nodes.add(argument(i, specs.get(i), inputs));
    }
    NodeDef.Builder call =
        NodeDef.newBuilder().setName(PREFIX + "0").setOp("StatefulPartitionedCall");
    nodes.forEach(node -> call.addInput(node.getName()));
    for (int i = 0; i < concrete.getBoundInputsCount(); i++) {
      call.addInput(bound(concrete.getBoundInputs(i), nodes));
    }
    nodes.add(
        call.putAttr(
                "f",
                AttrValue.newBuilder().setFunc(NameAttrList.newBuilder().setName(function)).build())
            .build());
    return Optional.of(new ModelSignature(NAME, inputs, outputs(concrete, definition), nodes));
  }

  private static NodeDef argument(int index, TensorSpecProto spec, Map<String, Endpoint> inputs) {
    String name = spec.getName().isEmpty() ? "input_" + index : spec.getName();
    if (spec.getDtype() == DataType.DT_BOOL) {
      return NodeDefs.constant(
          PREFIX + "argument_" + index,
          TensorProto.newBuilder()
              .setDtype(DataType.DT_BOOL)
              .setTensorShape(NodeDefs.shape())
              .setTensorContent(ByteString.copyFrom(new byte[1]))
              .build());
    }
    NodeDef placeholder =
        NodeDef.newBuilder()
            .setName(PREFIX + "argument_" + index)
            .setOp("Placeholder")
            .putAttr("dtype", NodeDefs.type(spec.getDtype()))
            .putAttr("shape", AttrValue.newBuilder().setShape(spec.getShape()).build())
            .build();
    inputs.put(name, new Endpoint(placeholder.getName() + ":0", spec.getDtype(), spec.getShape()));
    return placeholder;
  }

  /** The node of an object that the function was given, which is added if it is a variable. */
  private String bound(int object, List<NodeDef> nodes) {
    if (object < 0 || object >= objects.getNodesCount()) {
      return PREFIX + "missing";
    }
    SavedObject saved = objects.getNodes(object);
    if (saved.hasConstant()) {
      return saved.getConstant().getOperation();
    }
    NodeDef variable = bound.get(object);
    if (variable == null) {
      variable =
          NodeDef.newBuilder()
              .setName(PREFIX + "variable_" + object)
              .setOp(saved.hasVariable() ? "VarHandleOp" : "HashTableV2")
              .putAttr("dtype", NodeDefs.type(saved.getVariable().getDtype()))
              .putAttr(
                  "shape", AttrValue.newBuilder().setShape(saved.getVariable().getShape()).build())
              .build();
      bound.put(object, variable);
    }
    if (!nodes.contains(variable)) {
      nodes.add(variable);
    }
    return variable.getName();
  }

  private static Map<String, Endpoint> outputs(
      SavedConcreteFunction concrete, FunctionDef definition) {
    List<String> names = new ArrayList<>();
    List<TensorSpecProto> specs = new ArrayList<>();
    flattenOutputs(concrete.getOutputSignature(), "", names, specs);
    Map<String, Endpoint> outputs = new TreeMap<>();
    for (int i = 0; i < definition.getSignature().getOutputArgCount(); i++) {
      boolean described = names.size() == definition.getSignature().getOutputArgCount();
      outputs.put(
          described ? names.get(i) : "output_" + i,
          new Endpoint(
              PREFIX + "0:" + i,
              definition.getSignature().getOutputArg(i).getType(),
              described
                  ? specs.get(i).getShape()
                  : NodeDefs.shape().toBuilder().setUnknownRank(true).build()));
    }
    return outputs;
  }

  private static void flattenOutputs(
      StructuredValue value, String path, List<String> names, List<TensorSpecProto> specs) {
    if (value.hasTensorSpecValue()) {
      names.add(path.isEmpty() ? "output_0" : path);
      specs.add(value.getTensorSpecValue());
    } else if (value.hasDictValue()) {
      // TensorFlow flattens dictionaries in the order of their keys.
      new TreeMap<>(value.getDictValue().getFieldsMap())
          .forEach((key, field) -> flattenOutputs(field, join(path, key), names, specs));
    } else {
      List<StructuredValue> elements = elements(value);
      for (int i = 0; i < elements.size(); i++) {
        flattenOutputs(elements.get(i), join(path, "output_" + i), names, specs);
      }
    }
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static void flatten(StructuredValue value, List<StructuredValue> leaves) {
    if (value.hasDictValue()) {
      new TreeMap<>(value.getDictValue().getFieldsMap()).values().forEach(v -> flatten(v, leaves));
    } else if (value.hasListValue() || value.hasTupleValue() || value.hasNamedTupleValue()) {
      elements(value).forEach(element -> flatten(element, leaves));
    } else {
      leaves.add(value);
    }
  }

  private static List<StructuredValue> elements(StructuredValue value) {
    if (value.hasNamedTupleValue()) {
      return value.getNamedTupleValue().getValuesList().stream()
          .map(pair -> pair.getValue())
          .toList();
    }
    return value.hasListValue()
        ? value.getListValue().getValuesList()
        : value.getTupleValue().getValuesList();
  }
}
