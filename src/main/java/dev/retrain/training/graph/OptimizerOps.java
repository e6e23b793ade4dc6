package dev.retrain.training.graph;

import dev.retrain.training.Head;
import dev.retrain.training.Optimizer;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * An {@link Optimizer} in a graph, with decoupled weight decay.
 *
 * @param tf where
 * @param variables where what it remembers is collected
 * @param optimizer the optimizer
 * @param weightDecay share of the weights, times the rate, that an update takes off
 * @param rate the learning rate
 * @param beta1Power {@link #BETA1} to the power of the updates made with this one
 * @param beta2Power {@link #BETA2} likewise
 */
public record OptimizerOps(
    Ops tf,
    Variables variables,
    Optimizer optimizer,
    double weightDecay,
    Operand<TFloat32> rate,
    Operand<TFloat32> beta1Power,
    Operand<TFloat32> beta2Power) {
  public static final float BETA1 = 0.9f;
  public static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  /**
   * Adds a layer's updates.
   *
   * @param layer the layer
   * @param weights gradient of its weights
   * @param biases gradient of its biases
   * @return what is to run
   */
  public List<Op> update(
      DenseVariables layer, Operand<TFloat32> weights, Operand<TFloat32> biases) {
    Op step = update(layer.name() + "/weights", layer.weights(), weights);
    Op biasStep = update(layer.name() + "/biases", layer.biases(), biases);
    return weightDecay == 0
        ? List.of(step, biasStep)
        : List.of(decay(layer, tf.withControlDependencies(List.of(step))), biasStep);
  }

  private Op update(String path, VarHandleOp variable, Operand<TFloat32> gradient) {
    String name = path.replace(Head.FINAL + "/", "").replace('/', '_');
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
            beta1Power,
            beta2Power,
            rate,
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
            rate,
            gradient,
            tf.constant(momentum));
  }

  /** Takes off a share of the weights as they were before the step. */
  private Op decay(DenseVariables layer, Ops afterwards) {
    Operand<TFloat32> share = tf.math.mul(rate, tf.constant((float) weightDecay));
    return afterwards.assignSubVariableOp(
        layer.weights(), tf.math.mul(layer.weightValues(), share));
  }
}
