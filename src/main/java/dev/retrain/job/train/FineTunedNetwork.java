package dev.retrain.job.train;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneGraph;
import dev.retrain.backbone.graph.DeterministicProto;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.io.Sha256;
import org.tensorflow.proto.GraphDef;

/**
 * The graph of a backbone that is fine-tuned.
 *
 * @param backbone the backbone
 * @param graph its optimized graph
 * @param vector name of the node that computes its vectors
 */
record FineTunedNetwork(Backbone backbone, GraphDef graph, String vector) {
  /**
   * @param backbone a backbone; without the flipped images that its vectors may be averaged with
   */
  static FineTunedNetwork of(Backbone backbone) {
    try (BackboneGraph network = new BackboneGraph(backbone.withMirrored(false))) {
      return new FineTunedNetwork(
          backbone, network.graph().toGraphDef(), network.vector().op().name());
    }
  }

  /** The input tensor, {@code name:index}. */
  String input() {
    return backbone.input();
  }

  /** How images are decoded and normalized. */
  Preprocessing preprocessing() {
    return backbone.preprocessing();
  }

  /**
   * The backbone with a fine-tuned graph.
   *
   * @param tuned the graph, frozen
   */
  Backbone with(GraphDef tuned) {
    return backbone.tuned(tuned, Sha256.sha256(DeterministicProto.serialize(tuned)));
  }
}
