package dev.retrain.training.head;

import dev.retrain.training.Evaluation;
import dev.retrain.training.Head;
import dev.retrain.training.TrainingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The evaluations of a training so far, and the head of the best one. */
final class EvaluationHistory {
  private final List<Evaluation> evaluations = new ArrayList<>();
  private Evaluation best;
  private Head bestHead;
  private int withoutImprovement;

  /**
   * Adds the next evaluation.
   *
   * @param evaluation the evaluation
   * @param head reads the evaluated head; called only if it is the best so far
   */
  void add(Evaluation evaluation, Supplier<Head> head) {
    evaluations.add(evaluation);
    boolean moreAccurate =
        best == null || evaluation.validationAccuracy() > best.validationAccuracy();
    withoutImprovement = moreAccurate ? 0 : withoutImprovement + 1;
    if (best == null || evaluation.isBetterThan(best)) {
      best = evaluation;
      bestHead = head.get();
    }
  }

  /** Number of evaluations since the validation accuracy last increased. */
  int evaluationsWithoutImprovement() {
    return withoutImprovement;
  }

  TrainingResult result(boolean cancelled) {
    return new TrainingResult(bestHead, best, evaluations, cancelled);
  }
}
