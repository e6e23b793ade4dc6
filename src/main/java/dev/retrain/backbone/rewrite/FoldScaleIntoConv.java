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
 * Makes {@code convolution(x, weights) * scale}, the scale a constant of one value a channel, into
 * {@code convolution(x, weights * scale)}. The new convolution has the product's name, since it has
 * its value.
 */
final class FoldScaleIntoConv implements GraphPass {
  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex nodes = new GraphIndex(graph, kept);
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : nodes.nodes()) {
      BinaryOperands.ofProduct(node)
          .forEach(
              product ->
                  Convolution.making(nodes, product.x())
                      .filter(c -> nodes.servesOneAlone(c.node()))
                      .filter(c -> c.isPerChannel(nodes, product.by()))
                      .ifPresent(
                          c -> {
                            replacements.put(c.node().getName(), List.of());
                            replacements.put(node.getName(), scaled(nodes, node, c, product.by()));
                          }));
    }
    return nodes.with(replacements);
  }

  private static List<NodeDef> scaled(
      GraphIndex nodes, NodeDef product, Convolution convolution, String scale) {
    NodeDef scales = nodes.constant(scale).orElseThrow();
    String scalesName = nodes.freshName(product.getName() + "/scale");
    String weights = nodes.freshName(product.getName() + "/weights");
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
