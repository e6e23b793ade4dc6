package dev.retrain.backbone.rewrite;

import dev.retrain.backbone.graph.GraphIndex;
import java.util.Optional;
import org.tensorflow.proto.NodeDef;

/**
 * A convolution plus a bias.
 *
 * @param x the sum's input that is the convolution
 * @param convolution the convolution
 * @param bias the sum's input that is the bias, a constant of one value a channel
 */
record BiasedConvolution(String x, Convolution convolution, String bias) {
  /** A node as such a sum, where it is one. */
  static Optional<BiasedConvolution> match(GraphIndex nodes, NodeDef node) {
    return BinaryOperands.ofSum(node)
        .flatMap(
            sum ->
                Convolution.making(nodes, sum.x())
                    .filter(convolution -> convolution.isPerChannel(nodes, sum.by()))
                    .map(convolution -> new BiasedConvolution(sum.x(), convolution, sum.by()))
                    .stream())
        .findFirst();
  }

  /** The sum that makes an input, where one does and neither it nor its convolution serves more. */
  static Optional<BiasedConvolution> making(GraphIndex nodes, String input) {
    return nodes
        .maker(input)
        .filter(nodes::servesOneAlone)
        .flatMap(node -> match(nodes, node))
        .filter(biased -> nodes.servesOneAlone(biased.convolution().node()));
  }
}
