package dev.retrain.training.graph;

import java.util.List;

/**
 * The layer sizes of a head.
 *
 * @param inputs length of a feature vector
 * @param hiddenUnits number of outputs of each hidden layer; empty if there is none
 * @param classes number of classes
 */
public record HeadShape(int inputs, List<Integer> hiddenUnits, int classes) {
  public HeadShape {
    hiddenUnits = List.copyOf(hiddenUnits);
  }

  /** Number of layers, the final layer included. */
  public int layers() {
    return hiddenUnits.size() + 1;
  }

  /** Number of inputs of a layer, by its index from 0. */
  int inputs(int layer) {
    return layer == 0 ? inputs : outputs(layer - 1);
  }

  /** Number of outputs of a layer, by its index from 0. */
  int outputs(int layer) {
    return layer == hiddenUnits.size() ? classes : hiddenUnits.get(layer);
  }

  /** Number of weights and biases; a double, because sizes that are too large are checked too. */
  public double parameterCount() {
    double count = 0;
    for (int i = 0; i < layers(); i++) {
      count += (inputs(i) + 1.0) * outputs(i);
    }
    return count;
  }
}
