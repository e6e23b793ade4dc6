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
 * Replaces {@code convolution + shift} by {@code BiasAdd} if the shift is a constant with one value
 * per channel. TensorFlow fuses it, and a following Relu, with the convolution.
 */
final class ShiftToBiasAdd implements GraphPass {
  @Override
  public GraphDef apply(GraphDef graph, Set<String> kept) {
    GraphIndex index = new GraphIndex(graph, kept);
    Map<String, List<NodeDef>> replacements = new HashMap<>();
    for (NodeDef node : index.nodes()) {
      if (!node.getOp().equals("BiasAdd")) {
        BiasedConvolution.match(index, node)
            .map(b -> NodeDefs.floats(node.getName(), "BiasAdd", b.x(), b.bias()).build())
            .ifPresent(biased -> replacements.put(node.getName(), List.of(biased)));
      }
    }
    return index.with(replacements);
  }
}
