package dev.retrain.training.head;

import dev.retrain.training.TrainingDivergedException;
import dev.retrain.training.TrainingListener;
import dev.retrain.training.graph.BatchResult;
import dev.retrain.training.graph.FetchedTensors;
import dev.retrain.training.head.ValidationEvaluator.EvaluationSummary;
import dev.retrain.util.concurrent.PendingResult;
import dev.retrain.util.concurrent.WorkerPool;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs evaluations on a background thread, at most one at a time. Events that belong after a
 * pending evaluation wait for it.
 *
 * <p>All methods are called on the thread that trains. Owns the background thread and the tensors
 * of the pending evaluation; {@link #close()} frees them.
 */
final class BackgroundEvaluator implements AutoCloseable {
  private final HeadTrainingGraph graph;
  private final ValidationEvaluator evaluator;
  private final TrainingListener listener;
  private final EvaluationHistory history = new EvaluationHistory();
  private final WorkerPool worker = new WorkerPool(1);

  /** Null if no evaluation is pending. */
  private PendingEvaluation pending;

  BackgroundEvaluator(
      HeadTrainingGraph graph, ValidationEvaluator evaluator, TrainingListener listener) {
    this.graph = graph;
    this.evaluator = evaluator;
    this.listener = listener;
  }

  /**
   * An evaluation whose result has not been reported yet. Owns the tensors that it reads.
   *
   * @param update result of the last update before the evaluation
   * @param averages the evaluated layers
   * @param result the result, once it is done
   * @param laterEvents what to report after the evaluation
   */
  private record PendingEvaluation(
      BatchResult update,
      FetchedTensors averages,
      PendingResult<EvaluationSummary> result,
      List<Runnable> laterEvents)
      implements AutoCloseable {
    @Override
    public void close() {
      update.close();
      averages.close();
    }
  }

  /**
   * Starts an evaluation; the previous one must have been awaited.
   *
   * @param iteration number of updates so far, at least 1
   * @param update result of the last update; closed by this object
   * @param averages the averaged layers after that update; closed by this object
   */
  void submit(int iteration, BatchResult update, FetchedTensors averages) {
    pending =
        new PendingEvaluation(
            update,
            averages,
            worker.submit(() -> evaluator.evaluate(iteration, update, averages)),
            new ArrayList<>());
  }

  /** Whether the pending evaluation has finished; false if there is none. */
  boolean isDone() {
    return pending != null && pending.result().isDone();
  }

  /** Reports an event now or, if an evaluation is pending, after that evaluation. */
  void afterPending(Runnable event) {
    if (pending == null) {
      event.run();
    } else {
      pending.laterEvents().add(event);
    }
  }

  /**
   * Waits for the pending evaluation, if any, then reports it and the events after it.
   *
   * @throws TrainingDivergedException if the evaluation found that the training diverged
   */
  void awaitEvaluation() {
    if (pending == null) {
      return;
    }
    try (PendingEvaluation finished = pending) {
      pending = null;
      EvaluationSummary summary = finished.result().join();
      history.add(summary.evaluation(), () -> graph.head(finished.averages()));
      listener.evaluated(summary.evaluation(), summary.training(), summary.validation());
      finished.laterEvents().forEach(Runnable::run);
    }
  }

  /** The evaluations that were reported. */
  EvaluationHistory history() {
    return history;
  }

  @Override
  public void close() {
    // A running evaluation reads the tensors of the pending one: wait for it first.
    worker.close();
    if (pending != null) {
      pending.close();
    }
  }
}
