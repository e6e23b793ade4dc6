package dev.retrain.training;

/**
 * A dense layer: {@code x * weights + biases}.
 *
 * <p>Immutable: the arrays are taken over, and not to be changed.
 */
public final class DenseWeights {
  private final int inputs;
  private final int outputs;
  private final float[] weights;
  private final float[] biases;

  /**
   * @param inputs length of a vector that goes in
   * @param outputs length of one that comes out
   * @param weights [inputs, outputs], flat, row by row
   * @param biases [outputs]
   */
  public DenseWeights(int inputs, int outputs, float[] weights, float[] biases) {
    if (weights.length != inputs * outputs || biases.length != outputs) {
      throw new IllegalArgumentException(
          "a layer of %d inputs and %d outputs has %d weights and %d biases, not %d and %d"
              .formatted(
                  inputs, outputs, inputs * outputs, outputs, weights.length, biases.length));
    }
    this.inputs = inputs;
    this.outputs = outputs;
    this.weights = weights;
    this.biases = biases;
  }

  /** Length of a vector that goes in. */
  public int inputs() {
    return inputs;
  }

  /** Length of a vector that comes out. */
  public int outputs() {
    return outputs;
  }

  /** [inputs, outputs], flat, row by row; not to be changed. */
  public float[] weights() {
    return weights;
  }

  /** [outputs]; not to be changed. */
  public float[] biases() {
    return biases;
  }
}
