package dev.retrain.finetune.graph;

import dev.retrain.finetune.graph.FineTuneOptimizer.Sgd;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.ResourceApplyMomentum;
import org.tensorflow.types.TFloat32;

/**
 * The updates of variables.
 *
 * @param tf scope
 * @param state receives the optimizer's own variables
 * @param optimizer the optimizer
 * @param weightDecay fraction of the weights, times the learning rate, that an update subtracts
 * @param rate the learning rate, a scalar
 * @param beta1Power 0.9 to the power of the update's number, a scalar
 * @param beta2Power 0.999 to the power of the update's number, a scalar
 */
record UpdateOps(
    Ops tf,
    VariableState state,
    FineTuneOptimizer optimizer,
    double weightDecay,
    Operand<TFloat32> rate,
    Operand<TFloat32> beta1Power,
    Operand<TFloat32> beta2Power) {
  static final float BETA1 = 0.9f;
  static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  /**
   * Adds the update of a variable.
   *
   * @param gradient gradient of its value
   * @param rateFactor factor of the learning rate
   * @return the operations to run
   */
  List<Op> update(TrainedVariable variable, Operand<TFloat32> gradient, double rateFactor) {
    Operand<TFloat32> own =
        rateFactor == 1 ? rate : tf.math.mul(rate, tf.constant((float) rateFactor));
    List<Op> updates = new ArrayList<>();
    Op step =
        optimizer instanceof Sgd sgd
            ? momentum(variable, gradient, own, (float) sgd.momentum())
            : adam(variable, gradient, own);
    updates.add(step);
    if (weightDecay > 0 && variable.decayed()) {
      // The decay uses the value before the update.
      updates.add(
          tf.withControlDependencies(List.of(step))
              .assignSubVariableOp(
                  variable.handle(),
                  tf.math.mul(
                      variable.value(), tf.math.mul(own, tf.constant((float) weightDecay)))));
    }
    return updates;
  }

  private Op adam(TrainedVariable variable, Operand<TFloat32> gradient, Operand<TFloat32> own) {
    return tf.train.resourceApplyAdam(
        variable.handle(),
        state.addZeros(tf, variable.name() + "/adam_m", variable.shape()),
        state.addZeros(tf, variable.name() + "/adam_v", variable.shape()),
        beta1Power,
        beta2Power,
        own,
        tf.constant(BETA1),
        tf.constant(BETA2),
        tf.constant(EPSILON),
        gradient);
  }

  private Op momentum(
      TrainedVariable variable, Operand<TFloat32> gradient, Operand<TFloat32> own, float kept) {
    return tf.train.resourceApplyMomentum(
        variable.handle(),
        state.addZeros(tf, variable.name() + "/velocity", variable.shape()),
        own,
        gradient,
        tf.constant(kept),
        ResourceApplyMomentum.useNesterov(true));
  }
}
