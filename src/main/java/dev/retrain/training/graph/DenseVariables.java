package dev.retrain.training.graph;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.random.TruncatedNormal;
import org.tensorflow.types.TFloat32;

/**
 * The weights and biases of a dense layer as variables, with the values that are read from them.
 *
 * @param name name of the layer: {@code hidden_1}, ..., {@code final_layer}
 * @param scope scope of the layer's nodes
 * @param weights [inputs, outputs]
 * @param biases [outputs]
 * @param weightValues value of the weights
 * @param biasValues value of the biases
 */
public record DenseVariables(
    String name,
    Ops scope,
    VarHandleOp weights,
    VarHandleOp biases,
    Operand<TFloat32> weightValues,
    Operand<TFloat32> biasValues) {
  /** Standard deviation of the final layer's initial weights, as in retrain.py. */
  private static final float FINAL_STDDEV = 0.001f;

  /** Standard deviation of a standard normal distribution that is truncated at -2 and 2. */
  private static final double TRUNCATED_STDDEV = 0.8796256610342398;

  /** Random initial weights of a layer. */
  private record Initializer(String layer, int inputs, int outputs, long seed, long layerSeed) {
    Operand<TFloat32> weights(Ops tf) {
      return tf.math.mul(
          tf.random.truncatedNormal(
              tf.constant(new int[] {inputs, outputs}),
              TFloat32.class,
              TruncatedNormal.seed(seed),
              TruncatedNormal.seed2(layerSeed)),
          tf.constant(stddev()));
    }

    // K. He et al., Delving Deep into Rectifiers, 2015: keeps the variance of the activations.
    private float stddev() {
      return layer.equals(DenseOps.FINAL_LAYER)
          ? FINAL_STDDEV
          : (float) (Math.sqrt(2.0 / inputs) / TRUNCATED_STDDEV);
    }
  }

  /**
   * Adds the variables of all layers: random weights and zero biases. Equal shapes and seeds give
   * equal initial values.
   *
   * @param tf parent scope
   * @param variables receives the variables
   * @param shape the layers
   * @param seed seed of the weights
   * @param suffix suffix of the variables' names
   */
  public static List<DenseVariables> build(
      Ops tf, Variables variables, HeadShape shape, long seed, String suffix) {
    List<DenseVariables> layers = new ArrayList<>();
    for (int i = 0; i < shape.layers(); i++) {
      String name = DenseOps.layerName(i, shape.layers());
      // The initial weights of the final layer do not depend on the number of hidden layers.
      long layerSeed = i < shape.layers() - 1 ? 2 + i : 1;
      Initializer initializer =
          new Initializer(name, shape.inputs(i), shape.outputs(i), seed, layerSeed);
      layers.add(build(tf.withSubScope(name), variables, initializer, suffix));
    }
    return layers;
  }

  private static DenseVariables build(
      Ops tf, Variables variables, Initializer initializer, String suffix) {
    String layer = initializer.layer();
    VarHandleOp weights =
        variables.add(tf, "weights" + suffix, layer + "/weights" + suffix, initializer.weights(tf));
    VarHandleOp biases =
        variables.addZeros(
            tf, "biases" + suffix, layer + "/biases" + suffix, Shape.of(initializer.outputs()));
    return new DenseVariables(layer, tf, weights, biases, read(tf, weights), read(tf, biases));
  }

  private static Operand<TFloat32> read(Ops tf, VarHandleOp variable) {
    return tf.withName("value").readVariableOp(variable, TFloat32.class);
  }

  /** The values of the variables. */
  public DenseOps values() {
    return new DenseOps(name, scope, weightValues, biasValues);
  }
}
