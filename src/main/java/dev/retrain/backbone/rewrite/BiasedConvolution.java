package dev.retrain.backbone.rewrite;

import dev.retrain.backbone.graph.GraphIndex;
import java.util.Optional;
import org.tensorflow.proto.NodeDef;

/**
 * The sum of a convolution and a bias.
 *
 * @param x the sum's input that is the convolution
 * @param convolution the convolution
 * @param bias the sum's input that is the bias, a constant with one value per channel
 */
record BiasedConvolution(String x, Convolution convolution, String bias) {
  /** A node as such a sum, if it is one. */
  static Optional<BiasedConvolution> match(GraphIndex index, NodeDef node) {
    return BinaryOperands.ofSum(node)
        .flatMap(
            sum ->
                Convolution.producing(index, sum.x())
                    .filter(convolution -> convolution.isPerChannel(index, sum.other()))
                    .map(convolution -> new BiasedConvolution(sum.x(), convolution, sum.other()))
                    .stream())
        .findFirst();
  }

  /** The sum that produces an input, if it and its convolution have no other readers. */
  static Optional<BiasedConvolution> producing(GraphIndex index, String input) {
    return index
        .producer(input)
        .filter(index::hasSingleReader)
        .flatMap(node -> match(index, node))
        .filter(biased -> index.hasSingleReader(biased.convolution().node()));
  }

  /** Whether a convolution without other readers, with or without a bias, produces an input. */
  static boolean isConvolution(GraphIndex index, String input) {
    return Convolution.producing(index, input)
        .map(convolution -> index.hasSingleReader(convolution.node()))
        .orElseGet(() -> producing(index, input).isPresent());
  }
}
