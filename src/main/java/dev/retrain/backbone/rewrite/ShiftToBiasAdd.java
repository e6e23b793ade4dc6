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
 * Makes {@code convolution + shift}, the shift a constant of one value a channel, a {@code
 * BiasAdd}: TensorFlow computes that, and a Relu behind it, within the convolution.
 */
final class ShiftToBiasAdd implements GraphPass {
  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex nodes = new GraphIndex(graph, kept);
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : nodes.nodes()) {
      if (!node.getOp().equals("BiasAdd")) {
        BiasedConvolution.match(nodes, node)
            .map(b -> NodeDefs.floats(node.getName(), "BiasAdd", b.x(), b.bias()).build())
            .ifPresent(biased -> replacements.put(node.getName(), List.of(biased)));
      }
    }
    return nodes.with(replacements);
  }
}
