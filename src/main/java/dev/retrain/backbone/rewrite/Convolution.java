package dev.retrain.backbone.rewrite;

import dev.retrain.backbone.graph.GraphIndex;
import dev.retrain.backbone.graph.NodeDefs;
import java.util.List;
import java.util.Optional;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * A float32 convolution with constant weights, channels last.
 *
 * @param node {@code Conv2D} or {@code DepthwiseConv2dNative}
 * @param weights its weights: [rows, columns, in, out], or [rows, columns, in, multiplier]
 */
record Convolution(NodeDef node, NodeDef weights) {
  private static final String PLAIN = "Conv2D";
  private static final String DEPTHWISE = "DepthwiseConv2dNative";

  /** The convolution that produces an input, if one does. */
  static Optional<Convolution> producing(GraphIndex index, String input) {
    return index
        .producer(input)
        .filter(node -> node.getOp().equals(PLAIN) || node.getOp().equals(DEPTHWISE))
        .filter(
            node -> NodeDefs.type(node, "T") == DataType.DT_FLOAT && NodeDefs.channelsLast(node))
        .flatMap(
            node ->
                index
                    .constant(node.getInput(1))
                    .filter(weights -> NodeDefs.shape(weights).size() == 4)
                    .map(weights -> new Convolution(node, weights)));
  }

  /** Whether an input is a constant with one value per output channel. */
  boolean isPerChannel(GraphIndex index, String input) {
    List<Long> shape = NodeDefs.shape(weights);
    long channels = isDepthwise() ? shape.get(2) * shape.get(3) : shape.get(3);
    return index
        .constant(input)
        .filter(constant -> NodeDefs.shape(constant).equals(List.of(channels)))
        .isPresent();
  }

  /** The shape in which one value per output channel broadcasts against the weights. */
  long[] channelShape() {
    List<Long> shape = NodeDefs.shape(weights);
    return isDepthwise() ? new long[] {shape.get(2), shape.get(3)} : new long[] {shape.get(3)};
  }

  private boolean isDepthwise() {
    return node.getOp().equals(DEPTHWISE);
  }
}
