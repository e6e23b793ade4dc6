package dev.retrain.training;

import dev.retrain.training.graph.DenseVariables;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;

/**
 * A dense layer's numbers where a graph uses them.
 *
 * @param name of the layer
 * @param scope where its nodes are
 * @param weights [inputs, outputs]
 * @param biases [outputs]
 */
public record DenseOps(
    String name, Ops scope, Operand<TFloat32> weights, Operand<TFloat32> biases) {
  public static DenseOps read(DenseVariables layer) {
    return new DenseOps(layer.name(), layer.scope(), layer.weightValues(), layer.biasValues());
  }

  /** Weights and biases of each layer. */
  public static List<Operand<TFloat32>> numbers(List<DenseOps> layers) {
    return layers.stream().flatMap(one -> Stream.of(one.weights(), one.biases())).toList();
  }

  /** {@code x * weights + biases}. */
  public Operand<TFloat32> apply(Operand<TFloat32> x) {
    return scope.withName("pre_activations").math.add(scope.linalg.matMul(x, weights), biases);
  }

  /** Layers of standardised vectors as they are for vectors that are not standardised. */
  public static List<DenseOps> folded(
      Ops tf, List<DenseOps> layers, Operand<TFloat32> mean, Operand<TFloat32> scale) {
    DenseOps first = layers.get(0);
    Operand<TFloat32> weights = tf.math.mul(first.weights(), tf.expandDims(scale, tf.constant(1)));
    Operand<TFloat32> row = tf.expandDims(mean, tf.constant(0));
    Operand<TFloat32> biases =
        tf.math.sub(
            first.biases(), tf.squeeze(tf.linalg.matMul(row, weights), Squeeze.axis(List.of(0L))));
    List<DenseOps> folded = new ArrayList<>(layers);
    folded.set(0, new DenseOps(first.name(), first.scope(), weights, biases));
    return folded;
  }
}
