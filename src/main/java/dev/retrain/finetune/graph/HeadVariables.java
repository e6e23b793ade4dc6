package dev.retrain.finetune.graph;

import dev.retrain.training.DenseWeights;
import dev.retrain.training.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * The layers of a head as variables.
 *
 * @param variables weights and biases of each layer, in this order
 * @param logits [n, classes]
 */
record HeadVariables(List<TrainedVariable> variables, Operand<TFloat32> logits) {
  private static final String PREFIX = "head_layer_";

  /**
   * Adds a head to a graph.
   *
   * @param vector the network's vectors, [n, head.inputs()]
   */
  static HeadVariables build(Ops tf, VariableState state, Head head, Operand<TFloat32> vector) {
    List<TrainedVariable> variables = new ArrayList<>();
    Operand<TFloat32> x = vector;
    int layers = head.layers().size();
    for (int i = 0; i < layers; i++) {
      DenseWeights dense = head.layers().get(i);
      TrainedVariable weights =
          add(tf, state, weights(i), Shape.of(dense.inputs(), dense.outputs()), true);
      TrainedVariable biases = add(tf, state, biases(i), Shape.of(dense.outputs()), false);
      variables.add(weights);
      variables.add(biases);
      x = tf.math.add(tf.linalg.matMul(x, weights.value()), biases.value());
      if (i < layers - 1) {
        x = tf.nn.relu(x);
      }
    }
    return new HeadVariables(variables, x);
  }

  private static TrainedVariable add(
      Ops tf, VariableState state, String name, Shape shape, boolean decayed) {
    VarHandleOp handle = state.addZeros(tf, name, shape);
    return new TrainedVariable(name, handle, state.value(name), shape, decayed, 0);
  }

  private static String weights(int layer) {
    return PREFIX + layer + "/weights";
  }

  private static String biases(int layer) {
    return PREFIX + layer + "/biases";
  }

  /** Adds the values of a head's layers to values by name. */
  static void put(Head head, Map<String, float[]> values) {
    for (int i = 0; i < head.layers().size(); i++) {
      values.put(weights(i), head.layers().get(i).weights());
      values.put(biases(i), head.layers().get(i).biases());
    }
  }

  /**
   * The head with other values.
   *
   * @param shape a head of the same shape
   */
  static Head head(Head shape, Map<String, float[]> values) {
    List<DenseWeights> layers = new ArrayList<>();
    for (int i = 0; i < shape.layers().size(); i++) {
      DenseWeights layer = shape.layers().get(i);
      layers.add(
          new DenseWeights(
              layer.inputs(), layer.outputs(), values.get(weights(i)), values.get(biases(i))));
    }
    return new Head(layers, shape.objective());
  }
}
