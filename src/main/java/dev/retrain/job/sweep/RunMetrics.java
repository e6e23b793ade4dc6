package dev.retrain.job.sweep;

import dev.retrain.training.Evaluation;
import dev.retrain.training.TrainingResult;

/**
 * The metrics of a sweep's run.
 *
 * @param validationAccuracy best validation accuracy, 0 to 1
 * @param validationLoss mean cross-entropy of the validation images at that evaluation, in nats
 * @param bestIteration iteration of that evaluation
 * @param iterations number of iterations
 * @param plateauIteration first evaluated iteration after which the accuracy gains less than {@link
 *     #PLATEAU_GAIN} in total
 * @param seconds duration of the training
 */
public record RunMetrics(
    double validationAccuracy,
    double validationLoss,
    int bestIteration,
    int iterations,
    int plateauIteration,
    double seconds) {
  /** Half a percentage point. */
  public static final double PLATEAU_GAIN = 0.005;

  static RunMetrics from(TrainingResult result, double seconds) {
    Evaluation best = result.best();
    return new RunMetrics(
        best.validationAccuracy(),
        best.validationLoss(),
        best.iteration(),
        result.iterations(),
        result.history().stream()
            .filter(
                evaluation ->
                    best.validationAccuracy() - evaluation.validationAccuracy() < PLATEAU_GAIN)
            .findFirst()
            .orElse(best)
            .iteration(),
        seconds);
  }

  /** Whether the accuracy is higher than the other's, or equal with a lower loss. */
  boolean betterThan(RunMetrics other) {
    return validationAccuracy > other.validationAccuracy
        || (validationAccuracy == other.validationAccuracy
            && validationLoss < other.validationLoss);
  }
}
