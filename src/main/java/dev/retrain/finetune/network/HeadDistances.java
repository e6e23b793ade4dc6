package dev.retrain.finetune.network;

import dev.retrain.backbone.graph.GraphIndex;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * How far the layers of a network are from its head: the number of trained layers on the longest
 * path from a layer to the head, itself included. Parallel branches share distances.
 */
final class HeadDistances {
  /** Trained layers on the longest path after a node, by its name; none if it is absent. */
  private final Map<String, Integer> after = new HashMap<>();

  /**
   * @param network the network; nodes follow their inputs
   * @param isLayer whether a node is a trained layer
   */
  HeadDistances(GraphDef network, Predicate<NodeDef> isLayer) {
    for (int i = network.getNodeCount() - 1; i >= 0; i--) {
      NodeDef node = network.getNode(i);
      int layers = after.getOrDefault(node.getName(), 0) + (isLayer.test(node) ? 1 : 0);
      node.getInputList()
          .forEach(input -> after.merge(GraphIndex.operation(input), layers, Math::max));
    }
  }

  /**
   * The distance of a layer.
   *
   * @param node a node of the layer: the one with the kernel, or one that adds or multiplies after
   *     it
   */
  int of(NodeDef node) {
    return after.getOrDefault(node.getName(), 0) + 1;
  }
}
