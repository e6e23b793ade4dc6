package dev.retrain.training.graph;

import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A trained head in a graph, with its weights as constants. */
public final class HeadOps {
  private HeadOps() {}

  /**
   * Adds a head. Each layer has a scope of its own, {@code hidden_1}, {@code hidden_2}, ..., {@code
   * final_layer}, with the nodes {@code weights}, {@code biases} and {@code pre_activations}; that
   * of a hidden layer also has {@code activations}.
   *
   * @param tf parent scope
   * @param head the head
   * @param vectors [n, head.inputs()]
   * @return [n, head.classes()]: the logits
   */
  public static Operand<TFloat32> logits(Ops tf, Head head, Operand<TFloat32> vectors) {
    List<DenseWeights> layers = head.layers();
    Operand<TFloat32> x = vectors;
    for (int i = 0; i < layers.size(); i++) {
      DenseWeights layer = layers.get(i);
      String name = DenseOps.layerName(i, layers.size());
      Ops scope = tf.withSubScope(name);
      Operand<TFloat32> weights =
          scope
              .withName("weights")
              .constant(Shape.of(layer.inputs(), layer.outputs()), DataBuffers.of(layer.weights()));
      Operand<TFloat32> biases = scope.withName("biases").constant(layer.biases());
      x = new DenseOps(name, scope, weights, biases).apply(x);
      if (i < layers.size() - 1) {
        x = scope.withName("activations").nn.relu(x);
      }
    }
    return x;
  }
}
