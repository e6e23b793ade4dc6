package dev.retrain.finetune.graph;

import dev.retrain.finetune.graph.FineTuneOptimizer.Sgd;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.train.ResourceApplyMomentum;
import org.tensorflow.types.TFloat32;

/**
 * The updates of variables.
 *
 * @param tf scope
 * @param state receives the optimizer's own variables and the moving averages
 * @param optimizer the optimizer
 * @param weightDecay fraction of the weights, times the learning rate, that an update subtracts
 * @param averaged whether there are moving averages
 * @param settings learning rate, and other values that change
 */
record UpdateOps(
    Ops tf,
    VariableState state,
    FineTuneOptimizer optimizer,
    double weightDecay,
    boolean averaged,
    UpdateSettings settings) {
  private static final float EPSILON = 1e-8f;

  /** Name of the moving average of a variable. */
  static String average(String variable) {
    return variable + "/average";
  }

  /**
   * Adds the update of a variable.
   *
   * @param gradient gradient of its value
   * @param rateFactor factor of the learning rate
   * @return the operations to run
   */
  List<Op> update(TrainedVariable variable, Operand<TFloat32> gradient, double rateFactor) {
    Operand<TFloat32> rate =
        rateFactor == 1
            ? settings.rate()
            : tf.math.mul(settings.rate(), tf.constant((float) rateFactor));
    List<Op> updates = new ArrayList<>();
    // The decay uses the value before the update.
    boolean decays = weightDecay > 0 && variable.decayed();
    Ops after = decays ? tf.withControlDependencies(List.of(variable.value())) : tf;
    updates.add(
        optimizer instanceof Sgd sgd
            ? momentum(after, variable, gradient, rate, (float) sgd.momentum())
            : adam(after, variable, gradient, rate));
    if (decays) {
      Operand<TFloat32> fraction = tf.math.mul(rate, tf.constant((float) weightDecay));
      updates.add(
          tf.withControlDependencies(List.copyOf(updates))
              .assignSubVariableOp(variable.handle(), tf.math.mul(variable.value(), fraction)));
    }
    if (averaged) {
      updates.add(average(variable, List.copyOf(updates)));
    }
    return updates;
  }

  private Op adam(
      Ops after, TrainedVariable variable, Operand<TFloat32> gradient, Operand<TFloat32> rate) {
    return after.train.resourceApplyAdam(
        variable.handle(),
        state.addZeros(tf, variable.name() + "/adam_m", variable.shape()),
        state.addZeros(tf, variable.name() + "/adam_v", variable.shape()),
        settings.beta1Power(),
        settings.beta2Power(),
        rate,
        tf.constant(UpdateSettings.BETA1),
        tf.constant(UpdateSettings.BETA2),
        tf.constant(EPSILON),
        gradient);
  }

  private Op momentum(
      Ops after,
      TrainedVariable variable,
      Operand<TFloat32> gradient,
      Operand<TFloat32> rate,
      float kept) {
    return after.train.resourceApplyMomentum(
        variable.handle(),
        state.addZeros(tf, variable.name() + "/velocity", variable.shape()),
        rate,
        gradient,
        tf.constant(kept),
        ResourceApplyMomentum.useNesterov(true));
  }

  /** {@code average -= share * (average - variable)}. */
  private Op average(TrainedVariable variable, List<Op> updates) {
    String name = average(variable.name());
    VarHandleOp average = state.addZeros(tf, name, variable.shape());
    Operand<TFloat32> updated =
        tf.withControlDependencies(updates).readVariableOp(variable.handle(), TFloat32.class);
    return tf.train.resourceApplyGradientDescent(
        average, settings.averageShare(), tf.math.sub(state.value(name), updated));
  }
}
