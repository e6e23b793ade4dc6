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
 * Replaces {@code convolution(x, weights) * scale} by {@code convolution(x, weights * scale)} if
 * the scale is a constant with one value per channel. The new convolution has the product's name,
 * since it has its value.
 */
final class FoldScaleIntoConv implements GraphPass {
  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex index = new GraphIndex(graph, kept);
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : index.nodes()) {
      BinaryOperands.ofProduct(node)
          .forEach(
              product ->
                  Convolution.producing(index, product.x())
                      .filter(c -> index.hasSingleReader(c.node()))
                      .filter(c -> c.isPerChannel(index, product.other()))
                      .ifPresent(
                          c -> {
                            replacements.put(c.node().getName(), List.of());
                            replacements.put(
                                node.getName(), scaled(index, node, c, product.other()));
                          }));
    }
    return index.with(replacements);
  }

  private static List<NodeDef> scaled(
      GraphIndex index, NodeDef product, Convolution convolution, String scale) {
    NodeDef scales = index.constant(scale).orElseThrow();
    String scalesName = index.freshName(product.getName() + "/scale");
    String weights = index.freshName(product.getName() + "/weights");
    return List.of(
        NodeDefs.constant(
            scalesName,
            NodeDefs.value(scales).toBuilder()
                .setTensorShape(NodeDefs.shape(convolution.channelShape()))
                .build()),
        NodeDefs.floats(weights, "Mul", convolution.weights().getName(), scalesName).build(),
        convolution.node().toBuilder().setName(product.getName()).setInput(1, weights).build());
  }
}
