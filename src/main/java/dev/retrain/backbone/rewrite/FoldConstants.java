package dev.retrain.backbone.rewrite;

import dev.retrain.backbone.graph.ConstantEvaluation;
import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.GraphPruner;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Replaces nodes that depend only on constants by their values: the arithmetic of the parameters of
 * batch normalization, and its products with weights. TensorFlow computes the values.
 */
final class FoldConstants implements GraphPass {
  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex index = new GraphIndex(graph, kept);
    ConstantNodes constants = new ConstantNodes(index);
    Set<String> folded = new LinkedHashSet<>();
    for (NodeDef reader : index.nodes()) {
      if (!constants.contains(reader)) {
        for (String input : reader.getInputList()) {
          // An Identity of a constant is not folded, which would save nothing.
          index
              .skipIdentities(input)
              .filter(producer -> !producer.getOp().equals("Const"))
              .filter(constants::contains)
              .ifPresent(producer -> folded.add(producer.getName()));
        }
      }
    }
    if (folded.isEmpty()) {
      return graph;
    }
    List<String> names = List.copyOf(folded);
    GraphDef arithmetic = GraphPruner.keep(graph, names);
    return index.with(
        ConstantEvaluation.constants(arithmetic, names, ConfigProto.getDefaultInstance()));
  }
}
