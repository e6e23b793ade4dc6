package dev.retrain.training;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * What was trained: dense layers, the rectified output of each the input of the next; the softmax
 * of the last one's output is how probable each class is.
 *
 * @param layers the hidden ones, if any, then the final one
 */
public record Head(List<DenseWeights> layers) {
  /** Name of the final layer's nodes in a graph. */
  public static final String FINAL = "final_layer";

  /** Checks that the layers fit each other. */
  public Head {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one layer");
    }
    for (int i = 1; i < layers.size(); i++) {
      if (layers.get(i).inputs() != layers.get(i - 1).outputs()) {
        throw new IllegalArgumentException(
            "layer %d takes %d values, but the one before gives %d"
                .formatted(i + 1, layers.get(i).inputs(), layers.get(i - 1).outputs()));
      }
    }
  }

  /** A head of one layer. */
  public Head(DenseWeights layer) {
    this(List.of(layer));
  }

  /** Length of a vector. */
  public int inputs() {
    return layers.get(0).inputs();
  }

  /** Number of classes. */
  public int classes() {
    return layers.get(layers.size() - 1).outputs();
  }

  /**
   * Name of a layer's nodes in a graph, in training as in what comes of it.
   *
   * @param index 0 for the first
   * @param layers how many there are
   * @return {@code hidden_1}, {@code hidden_2}, ..., {@code final_layer}
   */
  public static String scope(int index, int layers) {
    return index == layers - 1 ? FINAL : "hidden_" + (index + 1);
  }

  /**
   * Adds the layers to a graph as constants; each has nodes {@code weights}, {@code biases} and
   * {@code pre_activations}, a hidden one {@code activations}, in a scope of its own: {@code
   * hidden_1}, {@code hidden_2}, ..., {@code final_layer}.
   *
   * @param tf where
   * @param vectors [n, inputs]
   * @return [n, classes]: what softmax makes probabilities of
   */
  public Operand<TFloat32> logits(Ops tf, Operand<TFloat32> vectors) {
    Operand<TFloat32> x = vectors;
    for (int i = 0; i < layers.size(); i++) {
      DenseWeights layer = layers.get(i);
      Ops scope = tf.withSubScope(scope(i, layers.size()));
      Operand<TFloat32> weights =
          scope
              .withName("weights")
              .constant(Shape.of(layer.inputs(), layer.outputs()), DataBuffers.of(layer.weights()));
      Operand<TFloat32> biases = scope.withName("biases").constant(layer.biases());
      x = new DenseOps(scope(i, layers.size()), scope, weights, biases).apply(x);
      if (i < layers.size() - 1) {
        x = scope.withName("activations").nn.relu(x);
      }
    }
    return x;
  }
}
