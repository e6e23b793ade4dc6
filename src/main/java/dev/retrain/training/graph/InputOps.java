package dev.retrain.training.graph;

import dev.retrain.training.batch.TargetFormat;
import dev.retrain.training.loss.LossOps;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * The batch that a training graph reads, and its standardization.
 *
 * @param vectors [n, inputs]
 * @param loss the labels, and the loss for them
 * @param weights [n]: the weight of each vector in the loss; absent if it is not weighted
 * @param mean [inputs]
 * @param scale [inputs]
 * @param standardized [n, inputs]: {@code (vectors - mean) * scale}
 */
public record InputOps(
    Placeholder<TFloat32> vectors,
    LossOps loss,
    Optional<Placeholder<TFloat32>> weights,
    Operand<TFloat32> mean,
    Operand<TFloat32> scale,
    Operand<TFloat32> standardized) {
  /**
   * Adds the placeholders and the standardization.
   *
   * @param tf scope
   * @param format what the head predicts, and whether the loss is weighted
   * @param mean mean of each component of the vectors
   * @param scale reciprocal of the standard deviation of each component
   */
  public static InputOps build(Ops tf, TargetFormat format, float[] mean, float[] scale) {
    Placeholder<TFloat32> vectors =
        tf.withName("bottleneck")
            .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, mean.length)));
    LossOps loss = LossOps.build(tf, format.objective(), format.classes());
    Optional<Placeholder<TFloat32>> weights =
        format
            .weights()
            .map(
                all ->
                    tf.withName("weight")
                        .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1))));
    Operand<TFloat32> means = tf.withName("mean").constant(mean);
    Operand<TFloat32> scales = tf.withName("scale").constant(scale);
    Operand<TFloat32> standardized =
        tf.withName("standardized").math.mul(tf.math.sub(vectors, means), scales);
    return new InputOps(vectors, loss, weights, means, scales, standardized);
  }
}
