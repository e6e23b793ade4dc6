package dev.retrain.training.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;

/**
 * The weights and biases of a dense layer as tensors of a graph.
 *
 * @param name name of the layer: {@code hidden_1}, {@code hidden_2}, ..., {@code final_layer}
 * @param scope scope of the layer's nodes
 * @param weights [inputs, outputs]
 * @param biases [outputs]
 */
public record DenseOps(
    String name, Ops scope, Operand<TFloat32> weights, Operand<TFloat32> biases) {
  /** Name of the final layer. */
  static final String FINAL_LAYER = "final_layer";

  /**
   * Name of a layer, which is the scope of its nodes both in the training graph and in a model.
   *
   * @param index index of the layer, from 0
   * @param count number of layers
   */
  static String layerName(int index, int count) {
    return index == count - 1 ? FINAL_LAYER : "hidden_" + (index + 1);
  }

  /** Weights and biases of each layer, in this order. */
  public static List<Operand<TFloat32>> parameters(List<DenseOps> layers) {
    return layers.stream().flatMap(layer -> Stream.of(layer.weights(), layer.biases())).toList();
  }

  /**
   * Adds {@code x * weights + biases}.
   *
   * @param x [n, inputs]
   * @return [n, outputs]
   */
  Operand<TFloat32> apply(Operand<TFloat32> x) {
    return scope.withName("pre_activations").math.add(scope.linalg.matMul(x, weights), biases);
  }

  /**
   * Folds a standardization into the first layer: the result computes from {@code x} what the
   * layers compute from {@code (x - mean) * scale}.
   *
   * @param tf scope of the added operations
   * @param layers layers for standardized vectors
   * @param mean [inputs]
   * @param scale [inputs]
   */
  public static List<DenseOps> foldStandardization(
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
