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
 * Replaces {@code (convolution + bias) * scale} by {@code convolution * scale + bias * scale}, for
 * backbones with both a bias and a batch normalization.
 */
final class DistributeScale implements GraphPass {
  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex index = new GraphIndex(graph, kept);
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : index.nodes()) {
      BinaryOperands.ofProduct(node)
          .forEach(
              product ->
                  BiasedConvolution.producing(index, product.x())
                      .filter(biased -> biased.convolution().isPerChannel(index, product.other()))
                      .ifPresent(
                          biased -> {
                            replacements.put(GraphIndex.operation(product.x()), List.of());
                            replacements.put(
                                node.getName(), distributed(index, node, biased, product.other()));
                          }));
    }
    return index.with(replacements);
  }

  private static List<NodeDef> distributed(
      GraphIndex index, NodeDef node, BiasedConvolution biased, String scale) {
    String scaled = index.freshName(node.getName() + "/scaled");
    String bias = index.freshName(node.getName() + "/bias");
    return List.of(
        NodeDefs.floats(scaled, "Mul", biased.x(), scale).build(),
        NodeDefs.floats(bias, "Mul", biased.bias(), scale).build(),
        NodeDefs.floats(node.getName(), "BiasAdd", scaled, bias).build());
  }
}
