package dev.retrain.training;

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
record Dense(String name, Ops scope, Operand<TFloat32> weights, Operand<TFloat32> biases) {
  static Dense of(LayerVariables layer) {
    return new Dense(layer.name(), layer.scope(), layer.weightValues(), layer.biasValues());
  }

  /** Weights and biases of each layer. */
  static List<Operand<TFloat32>> numbers(List<Dense> layers) {
    return layers.stream().flatMap(one -> Stream.of(one.weights(), one.biases())).toList();
  }

  /** {@code x * weights + biases}. */
  Operand<TFloat32> of(Operand<TFloat32> x) {
    return scope.withName("pre_activations").math.add(scope.linalg.matMul(x, weights), biases);
  }

  /** Layers of standardised vectors as they are for vectors that are not standardised. */
  static List<Dense> folded(
      Ops tf, List<Dense> layers, Operand<TFloat32> mean, Operand<TFloat32> scale) {
    Dense first = layers.get(0);
    Operand<TFloat32> weights = tf.math.mul(first.weights(), tf.expandDims(scale, tf.constant(1)));
    Operand<TFloat32> row = tf.expandDims(mean, tf.constant(0));
    Operand<TFloat32> biases =
        tf.math.sub(
            first.biases(), tf.squeeze(tf.linalg.matMul(row, weights), Squeeze.axis(List.of(0L))));
    List<Dense> folded = new ArrayList<>(layers);
    folded.set(0, new Dense(first.name(), first.scope(), weights, biases));
    return folded;
  }
}
