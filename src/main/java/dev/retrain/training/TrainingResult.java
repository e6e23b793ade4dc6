package dev.retrain.training;

import java.util.List;

/**
 * What a training gave.
 *
 * @param head the layers of the best evaluation
 * @param best that evaluation: the highest validation accuracy, at equal accuracy the lowest loss
 * @param history every evaluation, in order
 * @param cancelled whether the user stopped it before its last iteration
 */
public record TrainingResult(
    Head head, Evaluation best, List<Evaluation> history, boolean cancelled) {
  /** Copies the list. */
  public TrainingResult {
    history = List.copyOf(history);
  }
}
