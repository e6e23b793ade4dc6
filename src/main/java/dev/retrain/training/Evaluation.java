package dev.retrain.training;

/**
 * How the layer did at one iteration.
 *
 * @param iteration updates made, from 1
 * @param trainingAccuracy share of the batch of that update told right before it, 0 to 1
 * @param trainingLoss its mean softmax cross-entropy, in nats
 * @param validationAccuracy share of the validation images told right after the update, 0 to 1
 * @param validationLoss their mean softmax cross-entropy, in nats
 */
public record Evaluation(
    int iteration,
    double trainingAccuracy,
    double trainingLoss,
    double validationAccuracy,
    double validationLoss) {
  public boolean betterThan(Evaluation other) {
    return validationAccuracy > other.validationAccuracy
        || (validationAccuracy == other.validationAccuracy
            && validationLoss < other.validationLoss);
  }
}
