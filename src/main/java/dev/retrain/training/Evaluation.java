package dev.retrain.training;

/**
 * Accuracy and loss at one iteration. For {@link Objective#MULTI_LABEL}, the accuracies are mean
 * average precisions, and the losses are mean binary cross-entropies.
 *
 * @param iteration number of updates so far, at least 1
 * @param trainingAccuracy fraction of this update's batch that was classified correctly before the
 *     update, 0 to 1
 * @param trainingLoss mean softmax cross-entropy of that batch before the update, in nats
 * @param validationAccuracy fraction of the validation images that are classified correctly after
 *     the update, 0 to 1
 * @param validationLoss mean softmax cross-entropy of the validation images, in nats
 */
public record Evaluation(
    int iteration,
    double trainingAccuracy,
    double trainingLoss,
    double validationAccuracy,
    double validationLoss) {
  /** Whether the validation accuracy is higher or, if equal, the validation loss is lower. */
  public boolean isBetterThan(Evaluation other) {
    return validationAccuracy > other.validationAccuracy
        || (validationAccuracy == other.validationAccuracy
            && validationLoss < other.validationLoss);
  }
}
