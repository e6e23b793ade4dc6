package dev.retrain.job.sweep;

import dev.retrain.training.Evaluation;
import dev.retrain.training.TrainingResult;
import java.util.List;

/**
 * How a run of a sweep did.
 *
 * @param validationAccuracy its best accuracy on the validation images, 0 to 1
 * @param validationLoss their mean cross-entropy at that evaluation, in nats
 * @param bestIteration the iteration of that evaluation
 * @param iterations how many iterations were made
 * @param flatAfter the first evaluated iteration from which on the accuracy gains less than {@link
 *     #GAIN} in all
 * @param seconds how long the training took
 */
public record RunMetrics(
    double validationAccuracy,
    double validationLoss,
    int bestIteration,
    int iterations,
    int flatAfter,
    double seconds) {
  /** Half a point: what is gained after it is not worth waiting for. */
  public static final double GAIN = 0.005;

  static RunMetrics of(TrainingResult result, double seconds) {
    List<Evaluation> history = result.history();
    Evaluation best = result.best();
    return new RunMetrics(
        best.validationAccuracy(),
        best.validationLoss(),
        best.iteration(),
        history.get(history.size() - 1).iteration(),
        history.stream()
            .filter(one -> best.validationAccuracy() - one.validationAccuracy() < GAIN)
            .findFirst()
            .orElse(best)
            .iteration(),
        seconds);
  }

  /** Whether a run that did so is to be preferred. */
  boolean betterThan(RunMetrics other) {
    return validationAccuracy > other.validationAccuracy
        || (validationAccuracy == other.validationAccuracy
            && validationLoss < other.validationLoss);
  }
}
