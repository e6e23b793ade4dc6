package dev.retrain.backbone.savedmodel.variable;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.savedmodel.inline.VariableNodes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedConcreteFunction;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph;

/** The checkpoint keys of the variables of a meta graph, by the name of the variable's node. */
public final class VariableKeys {
  private final Map<String, CheckpointKey> keys = new HashMap<>();

  private VariableKeys() {}

  /**
   * Finds the keys.
   *
   * @param nodes nodes of the main graph
   * @param metaGraph the meta graph
   * @param checkpoint the checkpoint's graph of objects; absent in TensorFlow 1
   */
  public static VariableKeys find(
      List<NodeDef> nodes, MetaGraphDef metaGraph, Optional<TrackableObjectGraph> checkpoint) {
    VariableKeys found = new VariableKeys();
    checkpoint.ifPresent(objects -> found.addBound(nodes, metaGraph.getObjectGraphDef(), objects));
    RestoreKeys.find(nodes).forEach(found.keys::putIfAbsent);
    return found;
  }

  /**
   * A call in the main graph passes variables to a function, for which the SavedModel says which
   * objects its last inputs are.
   */
  private void addBound(
      List<NodeDef> nodes, SavedObjectGraph objects, TrackableObjectGraph checkpoint) {
    Map<Integer, CheckpointKey> objectKeys = ObjectKeys.find(objects, checkpoint);
    Map<String, NodeDef> byName = new HashMap<>();
    nodes.forEach(node -> byName.put(node.getName(), node));
    for (NodeDef node : nodes) {
      String function =
          node.containsAttr("f") ? node.getAttrOrThrow("f").getFunc().getName() : node.getOp();
      SavedConcreteFunction concrete = objects.getConcreteFunctionsMap().get(function);
      if (concrete == null) {
        continue;
      }
      List<String> inputs =
          node.getInputList().stream().filter(input -> !GraphIndex.isControl(input)).toList();
      int first = inputs.size() - concrete.getBoundInputsCount();
      for (int i = Math.max(0, first); i < inputs.size(); i++) {
        NodeDef variable = byName.get(GraphIndex.operation(inputs.get(i)));
        CheckpointKey key = objectKeys.get(concrete.getBoundInputs(i - first));
        if (variable != null && VariableNodes.isVariable(variable) && key != null) {
          keys.putIfAbsent(variable.getName(), key);
        }
      }
    }
  }

  /** The key of a variable, if there is one. */
  public Optional<CheckpointKey> key(String variable) {
    return Optional.ofNullable(keys.get(variable));
  }
}
