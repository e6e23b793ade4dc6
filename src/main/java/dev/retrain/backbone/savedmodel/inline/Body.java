package dev.retrain.backbone.savedmodel.inline;

import dev.retrain.backbone.graph.GraphIndex;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;

/** The nodes of a frozen graph, or of a function that it keeps, in the order they were added. */
final class Body {
  private final Set<String> names = new HashSet<>();
  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();

  /**
   * @param reserved names that nodes must not have
   */
  Body(List<String> reserved) {
    names.addAll(reserved);
  }

  /** An unused name, the preferred one or with a number appended. */
  String freshName(String preferred) {
    String name = preferred;
    for (int i = 1; !names.add(name); i++) {
      name = preferred + "_" + i;
    }
    return name;
  }

  void add(NodeDef node) {
    nodes.put(node.getName(), node);
  }

  int size() {
    return nodes.size();
  }

  List<NodeDef> nodes() {
    return List.copyOf(nodes.values());
  }

  NodeDef node(String name) {
    return nodes.get(name);
  }

  /** The nodes in the form of a function: inputs name outputs. */
  List<NodeDef> functionNodes(OpOutputs outputs) {
    List<NodeDef> converted = new ArrayList<>();
    for (NodeDef node : nodes.values()) {
      converted.add(
          node.toBuilder()
              .clearInput()
              .addAllInput(
                  node.getInputList().stream()
                      .map(input -> functionInput(input, outputs))
                      .collect(Collectors.toList()))
              .build());
    }
    return converted;
  }

  /** A tensor as functions refer to it. */
  String functionInput(String tensor, OpOutputs outputs) {
    NodeDef source = nodes.get(GraphIndex.operation(tensor));
    if (source == null) {
      return tensor;
    }
    int colon = tensor.indexOf(':');
    int index = colon < 0 ? 0 : OpOutputs.number(tensor.substring(colon + 1));
    return source.getName() + ":" + outputs.name(source, index);
  }

  /** A node without device, debug information and the attributes of TensorFlow's own passes. */
  static NodeDef.Builder cleaned(NodeDef node, String name, List<String> inputs) {
    NodeDef.Builder cleaned =
        NodeDef.newBuilder().setName(name).setOp(node.getOp()).addAllInput(inputs);
    for (Map.Entry<String, AttrValue> attribute : node.getAttrMap().entrySet()) {
      if (!attribute.getKey().startsWith("_")) {
        cleaned.putAttr(attribute.getKey(), attribute.getValue());
      }
    }
    return cleaned;
  }
}
