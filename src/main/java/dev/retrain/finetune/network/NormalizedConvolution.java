package dev.retrain.finetune.network;

/**
 * A convolution with a bias that is trained with a batch normalization in place of the bias.
 *
 * @param name name of the {@code BiasAdd} node
 * @param convolution name of the {@code Conv2D} or {@code DepthwiseConv2dNative} node
 * @param kernel name of the kernel's {@code Const} node
 * @param bias name of the bias's {@code Const} node
 */
public record NormalizedConvolution(String name, String convolution, String kernel, String bias) {
  /** Name of the parameter by which normalized values are multiplied, [channels]. */
  String gamma() {
    return name + "/gamma";
  }

  /** Name of the parameter that is added, [channels]. */
  String beta() {
    return name + "/beta";
  }

  /** Name of the normalization; its outputs 1 and 2 are the batch's mean and variance. */
  public String normalization() {
    return name + "/batch_norm";
  }
}
