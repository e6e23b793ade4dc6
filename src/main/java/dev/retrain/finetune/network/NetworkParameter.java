package dev.retrain.finetune.network;

import dev.retrain.backbone.graph.NodeDefs;
import org.tensorflow.proto.TensorShapeProto;

/**
 * A trained tensor of a network.
 *
 * @param name name of the node that reads its value
 * @param shape its shape
 * @param decayed whether weight decay applies: to the kernels of convolutions and dense layers, but
 *     not to depthwise kernels, biases and normalizations
 * @param distance how far its layer is from the head: the number of trained layers on the longest
 *     path to it, the layer itself included
 */
public record NetworkParameter(String name, TensorShapeProto shape, boolean decayed, int distance) {
  /** Number of values. */
  public long size() {
    return NodeDefs.elements(shape);
  }

  /** Name of the variable. */
  public String variable() {
    return name + "/variable";
  }
}
