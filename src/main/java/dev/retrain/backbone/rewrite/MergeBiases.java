package dev.retrain.backbone.rewrite;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Makes {@code (convolution + bias) + shift} into {@code convolution + (bias + shift)}. */
final class MergeBiases implements GraphPass {
  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex nodes = new GraphIndex(graph, kept);
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : nodes.nodes()) {
      BinaryOperands.ofSum(node)
          .forEach(
              sum ->
                  BiasedConvolution.making(nodes, sum.x())
                      .filter(biased -> biased.convolution().isPerChannel(nodes, sum.by()))
                      .ifPresent(
                          biased -> {
                            replacements.put(GraphIndex.operation(sum.x()), List.of());
                            replacements.put(node.getName(), joined(nodes, node, biased, sum.by()));
                          }));
    }
    return nodes.with(replacements);
  }

  private static List<NodeDef> joined(
      GraphIndex nodes, NodeDef node, BiasedConvolution biased, String shift) {
    String bias = nodes.freshName(node.getName() + "/bias");
    return List.of(
        NodeDefs.floats(bias, "AddV2", biased.bias(), shift).build(),
        NodeDefs.floats(node.getName(), "BiasAdd", biased.x(), bias).build());
  }
}
