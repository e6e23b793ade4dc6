package dev.retrain.training.graph;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The batch that a training graph reads, and its standardization.
 *
 * @param vectors [n, inputs]
 * @param labels [n]
 * @param mean [inputs]
 * @param scale [inputs]
 * @param standardized [n, inputs]: {@code (vectors - mean) * scale}
 */
public record InputOps(
    Placeholder<TFloat32> vectors,
    Placeholder<TInt32> labels,
    Operand<TFloat32> mean,
    Operand<TFloat32> scale,
    Operand<TFloat32> standardized) {
  /**
   * Adds the placeholders and the standardization.
   *
   * @param tf scope
   * @param mean mean of each component of the vectors
   * @param scale reciprocal of the standard deviation of each component
   */
  public static InputOps build(Ops tf, float[] mean, float[] scale) {
    Placeholder<TFloat32> vectors =
        tf.withName("bottleneck")
            .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, mean.length)));
    Placeholder<TInt32> labels =
        tf.withName("label").placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    Operand<TFloat32> means = tf.withName("mean").constant(mean);
    Operand<TFloat32> scales = tf.withName("scale").constant(scale);
    Operand<TFloat32> standardized =
        tf.withName("standardized").math.mul(tf.math.sub(vectors, means), scales);
    return new InputOps(vectors, labels, means, scales, standardized);
  }
}
