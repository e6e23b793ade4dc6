package dev.retrain.backbone.rewrite;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Makes {@code (convolution + bias) * scale} into {@code convolution * scale + bias * scale}: for
 * networks that have both a bias and a batch normalisation.
 */
final class DistributeScale implements GraphPass {
  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex nodes = new GraphIndex(graph, kept);
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : nodes.nodes()) {
      BinaryOperands.ofProduct(node)
          .forEach(
              product ->
                  BiasedConvolution.making(nodes, product.x())
                      .filter(biased -> biased.convolution().isPerChannel(nodes, product.by()))
                      .ifPresent(
                          biased -> {
                            replacements.put(GraphIndex.operation(product.x()), List.of());
                            replacements.put(
                                node.getName(), swapped(nodes, node, biased, product.by()));
                          }));
    }
    return nodes.with(replacements);
  }

  private static List<NodeDef> swapped(
      GraphIndex nodes, NodeDef node, BiasedConvolution biased, String scale) {
    String scaled = nodes.freshName(node.getName() + "/scaled");
    String bias = nodes.freshName(node.getName() + "/bias");
    return List.of(
        NodeDefs.floats(scaled, "Mul", biased.x(), scale).build(),
        NodeDefs.floats(bias, "Mul", biased.bias(), scale).build(),
        NodeDefs.floats(node.getName(), "BiasAdd", scaled, bias).build());
  }
}
