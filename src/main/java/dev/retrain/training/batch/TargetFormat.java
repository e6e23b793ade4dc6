package dev.retrain.training.batch;

import dev.retrain.training.Objective;
import java.util.Optional;

/**
 * How the labels of a batch are fed.
 *
 * @param objective what the head predicts
 * @param classes number of classes
 * @param weights the weight of each vector in the loss, by its index; absent if the loss is not
 *     weighted, or not needed
 */
public record TargetFormat(Objective objective, int classes, Optional<float[]> weights) {
  /** Labels without weights. */
  public TargetFormat withoutWeights() {
    return new TargetFormat(objective, classes, Optional.empty());
  }
}
