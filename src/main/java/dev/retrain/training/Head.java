package dev.retrain.training;

import java.util.List;
import java.util.Locale;

/**
 * A trained classifier head: dense layers with a ReLU after each except the last. The softmax or
 * the sigmoid of the last layer's output gives the class probabilities.
 *
 * @param layers the hidden layers, if any, then the final layer; at least one
 * @param objective what the head predicts: softmax for exactly one class, sigmoid for any number
 */
public record Head(List<DenseWeights> layers, Objective objective) {
  /**
   * @throws IllegalArgumentException if there is no layer, or if a layer's number of inputs differs
   *     from the number of outputs of the layer before it
   */
  public Head {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("A head needs at least one layer.");
    }
    for (int i = 1; i < layers.size(); i++) {
      if (layers.get(i).inputs() != layers.get(i - 1).outputs()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Layer %d has %d inputs, but layer %d has %d outputs.",
                i + 1,
                layers.get(i).inputs(),
                i,
                layers.get(i - 1).outputs()));
      }
    }
  }

  /** A head that predicts exactly one class, by softmax. */
  public Head(List<DenseWeights> layers) {
    this(layers, Objective.SINGLE_LABEL);
  }

  /** A head without hidden layers that predicts exactly one class. */
  public Head(DenseWeights layer) {
    this(List.of(layer));
  }

  /** Length of a feature vector. */
  public int inputs() {
    return layers.get(0).inputs();
  }

  /** Number of classes. */
  public int classes() {
    return layers.get(layers.size() - 1).outputs();
  }
}
