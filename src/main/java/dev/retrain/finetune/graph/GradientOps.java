package dev.retrain.finetune.graph;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * The gradients of a loss.
 *
 * @param gradients gradient of each variable, in their order, as an update uses it
 * @param norm scalar: norm of all of them together, before clipping
 * @param accumulation adds the gradients of a batch to the sums, without an update; empty if each
 *     batch is an update of its own
 * @param sums the sums of the gradients, which are 0 after an update
 */
record GradientOps(
    List<Operand<TFloat32>> gradients,
    Operand<TFloat32> norm,
    List<Op> accumulation,
    List<VarHandleOp> sums) {
  /**
   * Adds the gradients to a graph.
   *
   * @param state receives the sums
   * @param loss scalar: the loss of a batch
   * @param clipNorm largest norm of all gradients together; 0 for no limit
   * @param batches number of batches of an update, whose mean gradient is used
   */
  static GradientOps build(
      Ops tf,
      Graph graph,
      VariableState state,
      Operand<TFloat32> loss,
      List<TrainedVariable> variables,
      double clipNorm,
      int batches) {
    List<Operand<TFloat32>> gradients = symbolic(graph, loss, variables);
    List<Op> accumulation = new ArrayList<>();
    List<VarHandleOp> sums = new ArrayList<>();
    if (batches > 1) {
      Operand<TFloat32> share = tf.constant(1f / batches);
      for (int i = 0; i < variables.size(); i++) {
        TrainedVariable variable = variables.get(i);
        String name = variable.name() + "/gradient_sum";
        VarHandleOp sum = state.addZeros(tf, name, variable.shape());
        Operand<TFloat32> part = tf.math.mul(gradients.get(i), share);
        accumulation.add(tf.assignAddVariableOp(sum, part));
        gradients.set(i, tf.math.add(state.value(name), part));
        sums.add(sum);
      }
    }
    Operand<TFloat32> norm = norm(tf, gradients);
    return new GradientOps(clip(tf, gradients, norm, clipNorm), norm, accumulation, sums);
  }

  private static List<Operand<TFloat32>> symbolic(
      Graph graph, Operand<TFloat32> loss, List<TrainedVariable> variables) {
    Output<?>[] gradients =
        graph.addGradients(
            loss.asOutput(),
            variables.stream().map(TrainedVariable::value).toArray(Output<?>[]::new));
    List<Operand<TFloat32>> result = new ArrayList<>();
    for (Output<?> gradient : gradients) {
      result.add(gradient.expect(TFloat32.class));
    }
    return result;
  }

  /** Norm of several tensors together. */
  static Operand<TFloat32> norm(Ops tf, List<? extends Operand<TFloat32>> tensors) {
    List<Operand<TFloat32>> halves = new ArrayList<>();
    tensors.forEach(tensor -> halves.add(tf.nn.l2Loss(tensor)));
    return tf.math.sqrt(tf.math.mul(tf.math.addN(halves), tf.constant(2f)));
  }

  private static List<Operand<TFloat32>> clip(
      Ops tf, List<Operand<TFloat32>> gradients, Operand<TFloat32> norm, double clipNorm) {
    if (clipNorm == 0) {
      return gradients;
    }
    Operand<TFloat32> largest = tf.constant((float) clipNorm);
    Operand<TFloat32> factor = tf.math.div(largest, tf.math.maximum(norm, largest));
    List<Operand<TFloat32>> clipped = new ArrayList<>();
    gradients.forEach(gradient -> clipped.add(tf.math.mul(gradient, factor)));
    return clipped;
  }

  /** Adds operations that set the sums to 0 after the updates. */
  List<Op> reset(Ops tf, List<TrainedVariable> variables, List<Op> updates) {
    Ops after = tf.withControlDependencies(updates);
    List<Op> resets = new ArrayList<>();
    for (int i = 0; i < sums.size(); i++) {
      Operand<TFloat32> zeros =
          after.fill(tf.constant(variables.get(i).shape().asArray()), tf.constant(0f));
      resets.add(after.assignVariableOp(sums.get(i), zeros));
    }
    return resets;
  }
}
