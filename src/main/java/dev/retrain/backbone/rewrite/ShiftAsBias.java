package dev.retrain.backbone.rewrite;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Makes {@code convolution + shift}, the shift a constant of one value a channel, a {@code
 * BiasAdd}: TensorFlow computes that, and a Relu behind it, within the convolution.
 */
final class ShiftAsBias implements Rewrite {
  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    NodeGraph nodes = new NodeGraph(graph, kept);
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : nodes.nodes()) {
      if (!node.getOp().equals("BiasAdd")) {
        BiasedConvolution.of(nodes, node)
            .map(b -> Nodes.floats(node.getName(), "BiasAdd", b.x(), b.bias()).build())
            .ifPresent(biased -> replacements.put(node.getName(), List.of(biased)));
      }
    }
    return nodes.with(replacements);
  }
}
