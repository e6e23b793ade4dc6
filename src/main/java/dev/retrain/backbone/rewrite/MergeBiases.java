package dev.retrain.backbone.rewrite;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Replaces {@code (convolution + bias) + shift} by {@code convolution + (bias + shift)}. */
final class MergeBiases implements GraphPass {
  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex index = new GraphIndex(graph, kept);
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : index.nodes()) {
      BinaryOperands.ofSum(node)
          .forEach(
              sum ->
                  BiasedConvolution.producing(index, sum.x())
                      .filter(biased -> biased.convolution().isPerChannel(index, sum.other()))
                      .ifPresent(
                          biased -> {
                            replacements.put(GraphIndex.operation(sum.x()), List.of());
                            replacements.put(
                                node.getName(), merged(index, node, biased, sum.other()));
                          }));
    }
    return index.with(replacements);
  }

  private static List<NodeDef> merged(
      GraphIndex index, NodeDef node, BiasedConvolution biased, String shift) {
    String bias = index.freshName(node.getName() + "/bias");
    return List.of(
        NodeDefs.floats(bias, "AddV2", biased.bias(), shift).build(),
        NodeDefs.floats(node.getName(), "BiasAdd", biased.x(), bias).build());
  }
}
