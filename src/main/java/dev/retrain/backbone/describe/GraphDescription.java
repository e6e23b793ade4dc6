package dev.retrain.backbone.describe;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is in a frozen graph.
 *
 * @param nodes number of nodes, without those of functions
 * @param functions number of functions
 * @param inputs the placeholders
 * @param outputs the tensors that no node reads
 * @param features tensors that can be feature vectors, from the input on
 * @param blocks the layers between tensors through which every path from input to output leads
 * @param ops number of nodes of each op, those of functions included; the most frequent first
 * @param parameters number of values in the constants that are weights
 * @param multiplyAdds multiply-add operations for one image
 * @param uncounted ops with multiply-adds that could not be counted, since sizes are unknown
 * @param shapesProblem why shapes are unknown
 */
public record GraphDescription(
    int nodes,
    int functions,
    List<TensorDescription> inputs,
    List<TensorDescription> outputs,
    List<TensorDescription> features,
    List<Block> blocks,
    Map<String, Integer> ops,
    long parameters,
    long multiplyAdds,
    List<String> uncounted,
    Optional<String> shapesProblem) {
  public GraphDescription {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    features = List.copyOf(features);
    blocks = List.copyOf(blocks);
    uncounted = List.copyOf(uncounted);
  }

  /**
   * Layers of a network.
   *
   * @param end the tensor after them, on which everything later depends
   * @param layers number of convolutions and matrix multiplications
   * @param parameters number of values in the constants that they read
   * @param multiplyAdds their multiply-adds for one image, as far as sizes are known
   */
  public record Block(TensorDescription end, int layers, long parameters, long multiplyAdds) {}
}
