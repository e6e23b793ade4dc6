package dev.retrain.training;

/**
 * A trained layer: {@code softmax(x * weights + biases)}.
 *
 * <p>Immutable: the arrays are taken over, and not to be changed.
 */
public final class SoftmaxLayer {
  private final int inputs;
  private final int classes;
  private final float[] weights;
  private final float[] biases;

  /**
   * @param inputs length of a vector
   * @param classes number of classes
   * @param weights [inputs, classes], flat, row by row
   * @param biases [classes]
   */
  public SoftmaxLayer(int inputs, int classes, float[] weights, float[] biases) {
    if (weights.length != inputs * classes || biases.length != classes) {
      throw new IllegalArgumentException(
          "a layer of %d inputs and %d classes has %d weights and %d biases, not %d and %d"
              .formatted(
                  inputs, classes, inputs * classes, classes, weights.length, biases.length));
    }
    this.inputs = inputs;
    this.classes = classes;
    this.weights = weights;
    this.biases = biases;
  }

  /** Length of a vector. */
  public int inputs() {
    return inputs;
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /** [inputs, classes], flat, row by row; not to be changed. */
  public float[] weights() {
    return weights;
  }

  /** [classes]; not to be changed. */
  public float[] biases() {
    return biases;
  }
}
