package dev.retrain.image.render;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * An image in a graph that is resized to fit into a square, with its aspect ratio.
 *
 * @param size the new height and width, [2]
 * @param pixels [height, width, 3]
 */
record FitWithin(Operand<TInt32> size, Operand<TUint8> pixels) {
  /**
   * Adds the operations that resize an image.
   *
   * @param tf adds operations to the graph
   * @param pixels [height, width, 3]
   * @param side side of the square, in pixels
   * @param enlarge whether a smaller image is enlarged; otherwise it keeps its size
   */
  static FitWithin resize(Ops tf, Operand<TUint8> pixels, int side, boolean enlarge) {
    Operand<TInt32> shape =
        tf.slice(tf.shape(pixels), tf.constant(new int[] {0}), tf.constant(new int[] {2}));
    Operand<TFloat32> sides = tf.dtypes.cast(shape, TFloat32.class);
    Operand<TFloat32> fit = tf.math.div(tf.constant((float) side), tf.max(sides, tf.constant(0)));
    Operand<TFloat32> scale = enlarge ? fit : tf.math.minimum(tf.constant(1f), fit);
    Operand<TInt32> size =
        tf.math.maximum(
            tf.constant(1), tf.dtypes.cast(tf.math.round(tf.math.mul(sides, scale)), TInt32.class));
    Operand<TFloat32> resized =
        tf.squeeze(
            tf.image.resizeArea(tf.expandDims(pixels, tf.constant(0)), size),
            Squeeze.axis(List.of(0L)));
    return new FitWithin(size, tf.dtypes.cast(tf.math.round(resized), TUint8.class));
  }
}
