package dev.retrain.backbone.savedmodel;

import dev.retrain.backbone.graph.NodeDefs;
import dev.retrain.backbone.graph.SafeText;
import dev.retrain.backbone.savedmodel.inline.VariableNodes;
import dev.retrain.backbone.savedmodel.variable.Checkpoint;
import dev.retrain.backbone.savedmodel.variable.CheckpointKey;
import dev.retrain.backbone.savedmodel.variable.VariableKeys;
import dev.retrain.util.RetrainException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Replaces the variables of a graph by their values in the checkpoint. */
record GraphVariables(
    String file, List<NodeDef> nodes, MetaGraphDef metaGraph, Checkpoint checkpoint) {
  private static final Set<DataType> EIGHT_BYTES = Set.of(DataType.DT_DOUBLE, DataType.DT_INT64);
  private static final Set<DataType> TWO_BYTES = Set.of(DataType.DT_HALF, DataType.DT_BFLOAT16);

  /**
   * The graph with constants for its variables.
   *
   * @throws RetrainException if a value is missing or damaged, or they are too large
   */
  GraphDef fill(GraphDef graph) {
    List<String> needed = VariableNodes.needed(graph);
    if (needed.isEmpty()) {
      return graph;
    }
    Map<String, NodeDef> variables = new HashMap<>();
    nodes.stream()
        .filter(VariableNodes::isVariable)
        .forEach(node -> variables.put(node.getName(), node));
    checkSize(needed.stream().map(variables::get).toList());
    VariableKeys keys =
        VariableKeys.find(
            nodes,
            metaGraph,
            metaGraph.getObjectGraphDef().getNodesCount() > 0
                ? checkpoint.objects()
                : Optional.empty());
    List<Checkpoint.Request> requests = new ArrayList<>();
    for (String name : needed) {
      CheckpointKey key = keys.key(name).orElseThrow(() -> unknown(variables.get(name)));
      requests.add(new Checkpoint.Request(key, NodeDefs.type(variables.get(name), "dtype")));
    }
    List<TensorProto> values = checkpoint.read(requests);
    Map<String, TensorProto> byName = new HashMap<>();
    for (int i = 0; i < needed.size(); i++) {
      checkShape(variables.get(needed.get(i)), requests.get(i).key(), values.get(i));
      byName.put(needed.get(i), values.get(i));
    }
    return VariableNodes.withValues(graph, byName);
  }

  private RetrainException unknown(NodeDef variable) {
    if (!checkpoint.exists()) {
      return new RetrainException(
          "SavedModel %s is not complete: it has no file variables/variables.index. Copy or export"
              + " it again.",
          file);
    }
    return new RetrainException(
        "SavedModel %s is not complete: its checkpoint doesn't say where variable '%s' is. Export it"
            + " again.",
        file, SafeText.quote(variable.getName()));
  }

  private void checkSize(List<NodeDef> variables) {
    long bytes = 0;
    for (NodeDef variable : variables) {
      long size = bytes(NodeDefs.type(variable, "dtype"));
      for (TensorShapeProto.Dim dimension : shape(variable).getDimList()) {
        size = saturatedProduct(size, Math.max(1, dimension.getSize()));
      }
      bytes = Math.min(Long.MAX_VALUE / 2, bytes + size);
    }
    if (bytes > Integer.MAX_VALUE) {
      throw new RetrainException(
          "SavedModel %s can't be used: its variables need %,d bytes, but a graph holds at most 2"
              + " GiB. Use a smaller network.",
          file, bytes);
    }
  }

  private static long saturatedProduct(long a, long b) {
    return a > Long.MAX_VALUE / 2 / b ? Long.MAX_VALUE / 2 : a * b;
  }

  private static int bytes(DataType type) {
    if (EIGHT_BYTES.contains(type)) {
      return 8;
    }
    return TWO_BYTES.contains(type) ? 2 : 4;
  }

  private static TensorShapeProto shape(NodeDef variable) {
    return variable.getAttrOrDefault("shape", AttrValue.getDefaultInstance()).getShape();
  }

  private void checkShape(NodeDef variable, CheckpointKey key, TensorProto value) {
    TensorShapeProto declared = shape(variable);
    TensorShapeProto actual = value.getTensorShape();
    if (!variable.containsAttr("shape") || declared.getUnknownRank()) {
      return;
    }
    boolean equal = declared.getDimCount() == actual.getDimCount();
    for (int i = 0; equal && i < declared.getDimCount(); i++) {
      long size = declared.getDim(i).getSize();
      equal = size < 0 || size == actual.getDim(i).getSize();
    }
    if (!equal) {
      throw new RetrainException(
          "SavedModel %s is damaged: variable '%s' has another shape in the checkpoint than in the"
              + " graph. Copy or export it again.",
          file, SafeText.quote(key.name()));
    }
  }
}
