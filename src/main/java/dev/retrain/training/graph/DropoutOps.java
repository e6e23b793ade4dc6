package dev.retrain.training.graph;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Dropout: sets a random fraction of a hidden layer's outputs to zero and scales the others by
 * {@code 1 / (1 - rate)}. The choice depends only on the seed, the step and the layer.
 *
 * @param rate fraction that is set to zero, at least 0 and below 1
 * @param seed seed of the random choice
 * @param step index of the update, from 0; null if the rate is 0
 */
public record DropoutOps(double rate, long seed, Operand<TInt64> step) {
  public static final DropoutOps NONE = new DropoutOps(0, 0, null);

  /** Difference between the random counters of two layers; larger than any number of updates. */
  private static final long LAYER_STRIDE = 1L << 32;

  /**
   * Adds dropout.
   *
   * @param tf scope
   * @param x outputs of the layer
   * @param layer index of the layer, from 0
   */
  Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, int layer) {
    if (rate == 0) {
      return x;
    }
    Operand<TInt64> counter = tf.math.add(step, tf.constant(layer * LAYER_STRIDE));
    Operand<TFloat32> uniform =
        tf.random.statelessRandomUniform(
            tf.shape(x), tf.stack(List.of(tf.constant(seed), counter)), TFloat32.class);
    Operand<TFloat32> kept =
        tf.dtypes.cast(tf.math.greaterEqual(uniform, tf.constant((float) rate)), TFloat32.class);
    return tf.withName("dropout")
        .math
        .mul(x, tf.math.mul(kept, tf.constant((float) (1 / (1 - rate)))));
  }
}
