package dev.retrain.finetune.graph;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * The inputs of a training graph that change from update to update. All but the placeholder are
 * scalars.
 *
 * @param placeholder [4]: the following values
 * @param rate the learning rate
 * @param beta1Power {@link #BETA1} to the power of the update's number, from 1
 * @param beta2Power {@link #BETA2} to the power of the update's number, from 1
 * @param averageShare share of the variables in their moving averages: 1 minus the decay
 */
record UpdateSettings(
    Placeholder<TFloat32> placeholder,
    Operand<TFloat32> rate,
    Operand<TFloat32> beta1Power,
    Operand<TFloat32> beta2Power,
    Operand<TFloat32> averageShare) {
  static final float BETA1 = 0.9f;
  static final float BETA2 = 0.999f;

  /** Adds the placeholder to a graph. */
  static UpdateSettings build(Ops tf) {
    Placeholder<TFloat32> placeholder =
        tf.withName("settings").placeholder(TFloat32.class, Placeholder.shape(Shape.of(4)));
    List<Output<TFloat32>> values = tf.unstack(placeholder, 4L).output();
    return new UpdateSettings(
        placeholder, values.get(0), values.get(1), values.get(2), values.get(3));
  }

  /**
   * The values for one update; to be closed.
   *
   * @param step index of the update, from 0
   * @param rate the learning rate
   * @param averageDecay decay of the moving averages. The first updates use a smaller one, {@code
   *     (2 + step) / (11 + step)}, so that the initial values are forgotten soon, as TensorFlow's
   *     {@code ExponentialMovingAverage} with {@code num_updates} does
   */
  static TFloat32 values(int step, float rate, double averageDecay) {
    double decay = Math.min(averageDecay, (2.0 + step) / (11.0 + step));
    return TFloat32.vectorOf(
        rate,
        (float) Math.pow(BETA1, step + 1.0),
        (float) Math.pow(BETA2, step + 1.0),
        (float) (1 - decay));
  }
}
