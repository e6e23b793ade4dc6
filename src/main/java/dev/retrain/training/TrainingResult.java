package dev.retrain.training;

import java.util.List;

/**
 * The result of a training.
 *
 * @param head the head as of the best evaluation
 * @param best the evaluation with the highest validation accuracy and, among equals, the lowest
 *     validation loss
 * @param history all evaluations, in order
 * @param cancelled whether the user stopped the training before its last iteration
 */
public record TrainingResult(
    Head head, Evaluation best, List<Evaluation> history, boolean cancelled) {
  public TrainingResult {
    history = List.copyOf(history);
  }

  /** Number of iterations until the last evaluation. */
  public int iterations() {
    return history.get(history.size() - 1).iteration();
  }
}
