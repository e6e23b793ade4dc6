package dev.retrain.backbone.describe;

import dev.retrain.backbone.describe.GraphDescription.Block;
import dev.retrain.backbone.graph.LayerChain;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/** The blocks of a network. */
final class LayerBlocks {
  private LayerBlocks() {}

  /**
   * The layers between separating nodes. A block ends at the last of them before the next layer.
   *
   * @param chain the nodes of the network
   * @param costs the costs of nodes
   */
  static List<Block> of(LayerChain chain, NodeCosts costs) {
    List<Block> blocks = new ArrayList<>();
    Set<String> counted = new HashSet<>();
    String end = null;
    int layers = 0;
    long parameters = 0;
    long multiplyAdds = 0;
    for (NodeDef node : chain.nodes()) {
      if (end != null && NodeCosts.isLayer(node)) {
        blocks.add(new Block(costs.shapes().forBatch(end), layers, parameters, multiplyAdds));
        end = null;
        layers = 0;
        parameters = 0;
        multiplyAdds = 0;
      }
      layers += NodeCosts.isLayer(node) ? 1 : 0;
      multiplyAdds += NodeCosts.isLayer(node) ? costs.multiplyAdds(node).orElse(0L) : 0;
      for (String input : node.getInputList()) {
        parameters +=
            costs
                .index()
                .skipIdentities(input)
                .filter(constant -> counted.add(constant.getName()))
                .map(NodeCosts::parameters)
                .orElse(0L);
      }
      if (layers > 0 && chain.separating().contains(node.getName())) {
        end = node.getName();
      }
    }
    if (end != null) {
      blocks.add(new Block(costs.shapes().forBatch(end), layers, parameters, multiplyAdds));
    }
    return blocks;
  }
}
