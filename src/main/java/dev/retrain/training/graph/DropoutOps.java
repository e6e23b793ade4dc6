package dev.retrain.training.graph;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Leaves out a share of a hidden layer's outputs, others at each update, and makes the rest larger
 * by as much. What is left out hangs on seed, update and layer alone.
 *
 * @param share what is left out, at least 0 and below 1
 * @param seed start of the randomness
 * @param step updates made before; null where nothing is left out
 */
public record DropoutOps(double share, long seed, Operand<TInt64> step) {
  public static final DropoutOps NONE = new DropoutOps(0, 0, null);

  /** Two layers' draws of one update are as far apart as this many updates. */
  private static final long APART = 1L << 32;

  /**
   * Adds it to a graph.
   *
   * @param tf where
   * @param x what the layer puts out
   * @param layer which of the layers that is
   */
  Operand<TFloat32> of(Ops tf, Operand<TFloat32> x, int layer) {
    if (share == 0) {
      return x;
    }
    Operand<TInt64> place = tf.math.add(step, tf.constant(layer * APART));
    Operand<TFloat32> draw =
        tf.random.statelessRandomUniform(
            tf.shape(x), tf.stack(List.of(tf.constant(seed), place)), TFloat32.class);
    Operand<TFloat32> stays =
        tf.dtypes.cast(tf.math.greaterEqual(draw, tf.constant((float) share)), TFloat32.class);
    return tf.withName("dropout")
        .math
        .mul(x, tf.math.mul(stays, tf.constant((float) (1 / (1 - share)))));
  }
}
