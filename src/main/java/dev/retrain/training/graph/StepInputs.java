package dev.retrain.training.graph;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * The inputs of a training graph that change from update to update; {@link StepSettings} has their
 * values. All but the placeholders are scalars.
 *
 * @param settings [4]: learning rate, beta1 power, beta2 power, average decay
 * @param step index of the update, from 0
 * @param learningRate learning rate
 * @param beta1Power {@link OptimizerOps#BETA1} to the power of {@code step + 1}
 * @param beta2Power {@link OptimizerOps#BETA2} to the power of {@code step + 1}
 * @param averageDecay decay of the moving average of the weights
 */
public record StepInputs(
    Placeholder<TFloat32> settings,
    Placeholder<TInt64> step,
    Operand<TFloat32> learningRate,
    Operand<TFloat32> beta1Power,
    Operand<TFloat32> beta2Power,
    Operand<TFloat32> averageDecay) {
  /** Adds the placeholders to a scope. */
  public static StepInputs build(Ops tf) {
    Placeholder<TFloat32> settings =
        tf.withName("settings").placeholder(TFloat32.class, Placeholder.shape(Shape.of(4)));
    Placeholder<TInt64> step =
        tf.withName("step").placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    List<Output<TFloat32>> values = tf.unstack(settings, 4L).output();
    return new StepInputs(
        settings, step, values.get(0), values.get(1), values.get(2), values.get(3));
  }
}
