package dev.retrain.finetune.layers;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.finetune.network.GradientCheck;
import dev.retrain.finetune.network.GradientReady;
import dev.retrain.finetune.network.TrainableNetwork;
import dev.retrain.finetune.network.TrainableNetworkBuilder;
import dev.retrain.util.RetrainException;
import java.util.List;
import java.util.Optional;
import org.tensorflow.proto.GraphDef;

/**
 * The network of a backbone, ready to be trained.
 *
 * @param network the network; it computes vectors
 * @param input its input tensor, {@code name:index}
 * @param vector name of the node that computes its vectors
 * @param blocks its number of blocks
 * @param trainedBlocks number of blocks that are trained, from the last one
 * @param cut name of the node before the trained layers, if all that they are computed from is its
 *     value
 */
public record FineTuneNetwork(
    TrainableNetwork network,
    String input,
    String vector,
    int blocks,
    int trainedBlocks,
    Optional<String> cut) {
  /**
   * Prepares a backbone, without running it. Flip averaging is not part of the network.
   *
   * @param backbone the backbone, at the size at which it is trained
   * @param layers which layers are trained
   * @throws dev.retrain.util.InvalidSettingException if it has fewer blocks
   * @throws RetrainException if its graph is refused, does not have these layers, or can't be
   *     trained
   */
  public static FineTuneNetwork prepare(Backbone backbone, FineTuneLayers layers) {
    return prepare(backbone, List.of(layers)).get(0);
  }

  /**
   * The same for several choices of layers.
   *
   * @param choices which layers are trained
   * @return a network for each choice
   */
  public static List<FineTuneNetwork> prepare(Backbone backbone, List<FineTuneLayers> choices) {
    GraphDef optimized;
    try (BackboneGraph graph = new BackboneGraph(backbone.withMirrored(false))) {
      optimized = graph.graph().toGraphDef();
    }
    GraphDef ready = GradientReady.apply(optimized, backbone.input());
    NetworkBlocks blocks = NetworkBlocks.find(ready, backbone.input(), backbone.bottlenecks());
    return choices.stream().map(layers -> prepare(backbone, ready, blocks, layers)).toList();
  }

  private static FineTuneNetwork prepare(
      Backbone backbone, GraphDef ready, NetworkBlocks blocks, FineTuneLayers layers) {
    TrainableNetwork network = TrainableNetworkBuilder.build(ready, blocks.fixed(layers));
    GradientCheck.check(network, BackboneGraph.VECTOR);
    return new FineTuneNetwork(
        network,
        backbone.input(),
        BackboneGraph.VECTOR,
        blocks.count(),
        blocks.trained(layers),
        // Other feature tensors may be before it.
        backbone.bottlenecks().size() == 1 ? blocks.cut(layers) : Optional.empty());
  }
}
