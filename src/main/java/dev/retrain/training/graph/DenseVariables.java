package dev.retrain.training.graph;

import dev.retrain.training.Head;
import dev.retrain.training.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.random.TruncatedNormal;
import org.tensorflow.types.TFloat32;

/**
 * A dense layer whose numbers change, and what was read of them.
 *
 * @param name of the layer: {@code hidden_1}, ..., {@code final_layer}
 * @param scope where its nodes are
 * @param weights [inputs, outputs]
 * @param biases [outputs]
 * @param weightValues read of the weights
 * @param biasValues read of the biases
 */
public record DenseVariables(
    String name,
    Ops scope,
    VarHandleOp weights,
    VarHandleOp biases,
    Operand<TFloat32> weightValues,
    Operand<TFloat32> biasValues) {
  /** Standard deviation of the final layer's first weights, retrain.py's. */
  private static final float FINAL_STDDEV = 0.001f;

  /** Standard deviation of a normal distribution that is cut off at two of its own. */
  private static final double CUT_STDDEV = 0.8796256610342398;

  /** What a layer starts from: its first weights are drawn, its first biases are zero. */
  private record Start(String layer, int inputs, int outputs, long seed, long number) {
    Operand<TFloat32> weights(Ops tf) {
      return tf.math.mul(
          tf.random.truncatedNormal(
              tf.constant(new int[] {inputs, outputs}),
              TFloat32.class,
              TruncatedNormal.seed(seed),
              TruncatedNormal.seed2(number)),
          tf.constant(stddev()));
    }

    // K. He et al., Delving Deep into Rectifiers, 2015: signals keep their strength.
    private float stddev() {
      return layer.equals(Head.FINAL)
          ? FINAL_STDDEV
          : (float) (Math.sqrt(2.0 / inputs) / CUT_STDDEV);
    }
  }

  /**
   * Adds the variables of all layers. Equal arguments give variables that start from equal numbers.
   *
   * @param tf where
   * @param variables where they are collected
   * @param inputs length of a vector
   * @param classes number of classes
   * @param options hidden layers and seed
   * @param suffix ends their names
   */
  public static List<DenseVariables> all(
      Ops tf,
      Variables variables,
      int inputs,
      int classes,
      TrainingOptions options,
      String suffix) {
    List<DenseVariables> layers = new ArrayList<>();
    int count = options.hiddenUnits().size() + 1;
    int width = inputs;
    for (int i = 0; i < count; i++) {
      int outputs = i < count - 1 ? options.hiddenUnits().get(i) : classes;
      String name = Head.scope(i, count);
      // The final layer's numbers are the same whatever is before it.
      long number = i < count - 1 ? 2 + i : 1;
      layers.add(
          of(
              tf.withSubScope(name),
              variables,
              new Start(name, width, outputs, options.seed(), number),
              suffix));
      width = outputs;
    }
    return layers;
  }

  private static DenseVariables of(Ops tf, Variables variables, Start start, String suffix) {
    VarHandleOp weights =
        variables.add(
            tf, "weights" + suffix, start.layer() + "/weights" + suffix, start.weights(tf));
    VarHandleOp biases =
        variables.addZeros(
            tf, "biases" + suffix, start.layer() + "/biases" + suffix, Shape.of(start.outputs()));
    return new DenseVariables(
        start.layer(), tf, weights, biases, read(tf, weights), read(tf, biases));
  }

  private static Operand<TFloat32> read(Ops tf, VarHandleOp variable) {
    return tf.withName("value").readVariableOp(variable, TFloat32.class);
  }
}
