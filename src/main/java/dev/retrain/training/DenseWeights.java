package dev.retrain.training;

import java.util.Locale;

/**
 * A dense layer, {@code x * weights + biases}.
 *
 * <p>The arrays are not copied: callers must not change them.
 */
public final class DenseWeights {
  private final int inputs;
  private final int outputs;
  private final float[] weights;
  private final float[] biases;

  /**
   * @param inputs length of an input vector
   * @param outputs length of an output vector
   * @param weights [inputs, outputs], row by row
   * @param biases [outputs]
   */
  public DenseWeights(int inputs, int outputs, float[] weights, float[] biases) {
    if (weights.length != inputs * outputs || biases.length != outputs) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A layer with %d inputs and %d outputs needs %d weights and %d biases, not %d and %d.",
              inputs,
              outputs,
              inputs * outputs,
              outputs,
              weights.length,
              biases.length));
    }
    this.inputs = inputs;
    this.outputs = outputs;
    this.weights = weights;
    this.biases = biases;
  }

  /** Length of an input vector. */
  public int inputs() {
    return inputs;
  }

  /** Length of an output vector. */
  public int outputs() {
    return outputs;
  }

  /** [inputs, outputs], row by row; must not be changed. */
  public float[] weights() {
    return weights;
  }

  /** [outputs]; must not be changed. */
  public float[] biases() {
    return biases;
  }
}
