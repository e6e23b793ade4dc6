package dev.retrain.training.graph;

import dev.retrain.training.Optimizer;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * The updates of an {@link Optimizer}, with decoupled weight decay.
 *
 * @param tf scope
 * @param variables receives the optimizer's variables, such as moments
 * @param optimizer the optimizer
 * @param weightDecay fraction of the weights, times the learning rate, that an update subtracts
 * @param step learning rate and powers of Adam's betas
 */
public record OptimizerOps(
    Ops tf, Variables variables, Optimizer optimizer, double weightDecay, StepInputs step) {
  static final float BETA1 = 0.9f;
  static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  /**
   * Adds the update of a layer.
   *
   * @param layer the layer
   * @param weightGradient gradient of its weights
   * @param biasGradient gradient of its biases
   * @return the operations to run
   */
  public List<Op> update(
      DenseVariables layer, Operand<TFloat32> weightGradient, Operand<TFloat32> biasGradient) {
    Op weightUpdate = update(layer.name() + "/weights", layer.weights(), weightGradient);
    Op biasUpdate = update(layer.name() + "/biases", layer.biases(), biasGradient);
    return weightDecay == 0
        ? List.of(weightUpdate, biasUpdate)
        : List.of(decay(layer, tf.withControlDependencies(List.of(weightUpdate))), biasUpdate);
  }

  private Op update(String path, VarHandleOp variable, Operand<TFloat32> gradient) {
    String name = path.replace(DenseOps.FINAL_LAYER + "/", "").replace('/', '_');
    return optimizer instanceof Optimizer.Sgd sgd
        ? momentum(path, name, variable, gradient, (float) sgd.momentum())
        : adam(path, name, variable, gradient);
  }

  private Op adam(String path, String name, VarHandleOp variable, Operand<TFloat32> gradient) {
    return tf.withName(name + "_adam")
        .train
        .resourceApplyAdam(
            variable,
            variables.addZeros(tf, name + "_adam_m", path + "_adam_m", gradient.shape()),
            variables.addZeros(tf, name + "_adam_v", path + "_adam_v", gradient.shape()),
            step.beta1Power(),
            step.beta2Power(),
            step.learningRate(),
            tf.constant(BETA1),
            tf.constant(BETA2),
            tf.constant(EPSILON),
            gradient);
  }

  private Op momentum(
      String path, String name, VarHandleOp variable, Operand<TFloat32> gradient, float momentum) {
    return tf.withName(name + "_sgd")
        .train
        .resourceApplyMomentum(
            variable,
            variables.addZeros(tf, name + "_velocity", path + "_velocity", gradient.shape()),
            step.learningRate(),
            gradient,
            tf.constant(momentum));
  }

  /** Subtracts a fraction of the weights as they were before the update. */
  private Op decay(DenseVariables layer, Ops afterUpdate) {
    Operand<TFloat32> fraction = tf.math.mul(step.learningRate(), tf.constant((float) weightDecay));
    return afterUpdate.assignSubVariableOp(
        layer.weights(), tf.math.mul(layer.weightValues(), fraction));
  }
}
