package dev.retrain.training.head;

import dev.retrain.training.graph.DenseOps;
import dev.retrain.training.graph.DenseVariables;
import dev.retrain.training.graph.DropoutOps;
import dev.retrain.training.graph.HeadShape;
import dev.retrain.training.graph.InputOps;
import dev.retrain.training.graph.MetricOps;
import dev.retrain.training.graph.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * The exponential moving average of the trained layers (B. Polyak and A. Juditsky, 1992), which is
 * evaluated and exported: it is less noisy than the weights after the last update.
 *
 * @param scope scope of the averages
 * @param layers the averages
 * @param metrics forward pass of vectors as they are, without standardization or dropout
 * @param fetched weights and biases of the exported layers, then of the first layer's average: all
 *     that an evaluation depends on
 */
record AveragedLayers(
    Ops scope, List<DenseVariables> layers, MetricOps metrics, List<Operand<TFloat32>> fetched) {
  /**
   * Adds the averages and their forward pass.
   *
   * @param seed seed of the trained layers, so that the averages start from the same weights
   */
  static AveragedLayers build(
      Ops tf, Variables variables, HeadShape shape, InputOps input, long seed) {
    Ops scope = tf.withSubScope("average");
    List<DenseVariables> layers = DenseVariables.build(scope, variables, shape, seed, "_average");
    List<DenseOps> values = layers.stream().map(DenseVariables::values).toList();
    // The exported layers include the standardization, so evaluations need not standardize.
    List<DenseOps> exported =
        DenseOps.foldStandardization(tf.withSubScope("fold"), values, input.mean(), input.scale());
    MetricOps metrics =
        MetricOps.build(input.loss(), input.vectors(), exported, values, DropoutOps.NONE);
    // Except for the first layer, the exported layers are the averages.
    List<Operand<TFloat32>> fetched =
        Stream.of(DenseOps.parameters(exported), DenseOps.parameters(values.subList(0, 1)))
            .flatMap(List::stream)
            .toList();
    return new AveragedLayers(scope, layers, metrics, fetched);
  }

  /**
   * Adds the updates of the averages, {@code average = decay * average + (1 - decay) * variable}.
   *
   * @param trained the variables to average
   * @param decay the decay
   * @param updates updates of those variables, which come first
   * @return the operations to run
   */
  List<Op> updates(List<DenseVariables> trained, Operand<TFloat32> decay, List<Op> updates) {
    Ops tf = scope.withControlDependencies(updates);
    List<Op> averages = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      averages.add(average(tf, trained.get(i).weights(), layers.get(i).weights(), decay));
      averages.add(average(tf, trained.get(i).biases(), layers.get(i).biases(), decay));
    }
    return averages;
  }

  private static Op average(
      Ops tf, VarHandleOp variable, VarHandleOp average, Operand<TFloat32> decay) {
    Operand<TFloat32> difference =
        tf.math.sub(
            tf.readVariableOp(average, TFloat32.class),
            tf.readVariableOp(variable, TFloat32.class));
    return tf.assignSubVariableOp(
        average, tf.math.mul(difference, tf.math.sub(tf.constant(1f), decay)));
  }
}
