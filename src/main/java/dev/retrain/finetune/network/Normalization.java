package dev.retrain.finetune.network;

/**
 * A batch normalization of the training graph, in place of a node of the frozen network.
 *
 * @param name name of the node whose place it takes
 * @param input name of the node whose output it normalizes, [n, height, width, channels]
 * @param normalization name of the normalization; its outputs 1 and 2 are the batch's mean and
 *     variance
 * @param gamma name of the parameter by which normalized values are multiplied, [channels]
 * @param beta name of the parameter that is added, [channels]
 * @param folding the constants of the frozen network that it becomes
 */
public record Normalization(
    String name, String input, String normalization, String gamma, String beta, Folding folding) {
  /** The constants of a frozen network that have the effect of a normalization, by their names. */
  public sealed interface Folding {
    /**
     * A convolution's bias; the kernel is multiplied by the scale.
     *
     * @param kernel the kernel, [.., channels]
     * @param bias as many values as channels
     */
    record Kernel(String kernel, String bias) implements Folding {}

    /**
     * A multiplication and an addition.
     *
     * @param scale as many values as channels
     * @param bias as many values as channels
     */
    record Scale(String scale, String bias) implements Folding {}

    /**
     * A normalization by constant moments. All have [channels].
     *
     * @param gamma by which normalized values are multiplied
     * @param beta which is added
     * @param mean which is subtracted
     * @param variance by whose square root values are divided
     * @param epsilon added to the variance
     */
    record Inference(String gamma, String beta, String mean, String variance, float epsilon)
        implements Folding {}
  }

  /** Added to variances. */
  float epsilon() {
    return folding instanceof Folding.Inference inference
        ? inference.epsilon()
        : TrainableNetwork.EPSILON;
  }
}
