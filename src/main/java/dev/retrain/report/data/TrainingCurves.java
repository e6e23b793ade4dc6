package dev.retrain.report.data;

import dev.retrain.training.Evaluation;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Accuracy and loss over the iterations.
 *
 * @param history the evaluations in order, at least one
 * @param bestIteration the iteration whose weights the model has
 */
public record TrainingCurves(List<Evaluation> history, int bestIteration) {
  /**
   * @throws IllegalArgumentException if the history is empty
   */
  public TrainingCurves {
    history = List.copyOf(history);
    if (history.isEmpty()) {
      throw new IllegalArgumentException("training curves need at least one evaluation");
    }
  }

  public Evaluation first() {
    return history.get(0);
  }

  public Evaluation last() {
    return history.get(history.size() - 1);
  }

  public Evaluation best() {
    return history.get(bestIndex());
  }

  /** The index of the best iteration in the history, or of the last one if it is not there. */
  public int bestIndex() {
    int last = history.size() - 1;
    return IntStream.rangeClosed(0, last)
        .filter(i -> history.get(i).iteration() == bestIteration)
        .findFirst()
        .orElse(last);
  }
}
