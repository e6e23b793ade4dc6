package dev.retrain.training.head;

import dev.retrain.training.TrainingListener;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.graph.BatchMetrics;
import dev.retrain.training.graph.BatchResult;
import dev.retrain.util.Progress;

/**
 * The loop of updates and evaluations of one training.
 *
 * <p>Evaluations run in the background while the next updates run. The listener still receives all
 * events in the order of the iterations.
 */
final class TrainingLoop {
  private final TrainingSchedule schedule;
  private final HeadTrainingGraph graph;
  private final TrainingBatches batches;
  private final BackgroundEvaluator evaluator;
  private final TrainingListener listener;
  private final Progress progress;
  private final DivergenceCheck divergence;
  private int evaluations;

  TrainingLoop(
      TrainingSchedule schedule,
      HeadTrainingGraph graph,
      TrainingBatches batches,
      BackgroundEvaluator evaluator,
      TrainingListener listener,
      Progress progress) {
    this.schedule = schedule;
    this.graph = graph;
    this.batches = batches;
    this.evaluator = evaluator;
    this.listener = listener;
    this.progress = progress;
    divergence = new DivergenceCheck(schedule.learningRate());
  }

  TrainingResult run() {
    progress.begin("Training", "iterations", schedule.iterations());
    for (int iteration = 1; ; iteration++) {
      boolean cancelled = progress.cancelled();
      boolean last = schedule.isLast(iteration) || cancelled;
      if (last || schedule.evaluatesAfter(iteration)) {
        updateAndEvaluate(iteration);
      } else {
        update(iteration);
      }
      // Early stopping depends on the result of the evaluation.
      if (last || schedule.earlyStop().isPresent() || evaluator.isDone()) {
        evaluator.awaitEvaluation();
      }
      progress.advance(1);
      EvaluationHistory history = evaluator.history();
      if (last || schedule.stopsEarly(history.evaluationsWithoutImprovement())) {
        return history.result(cancelled && !schedule.isLast(iteration));
      }
    }
  }

  private void update(int iteration) {
    try (BatchResult update = graph.update(batches.next(), schedule.settings(iteration), false)) {
      report(iteration, update.metrics());
    }
  }

  private void updateAndEvaluate(int iteration) {
    boolean histograms = schedule.hasHistograms(evaluations++);
    BatchResult update = graph.update(batches.next(), schedule.settings(iteration), histograms);
    boolean submitted = false;
    try {
      evaluator.awaitEvaluation();
      report(iteration, update.metrics());
      evaluator.submit(iteration, update, graph.averages());
      submitted = true;
    } finally {
      if (!submitted) {
        update.close();
      }
    }
  }

  private void report(int iteration, BatchMetrics metrics) {
    if (!Float.isFinite(metrics.loss())) {
      // The pending evaluation may have diverged at an earlier iteration.
      evaluator.awaitEvaluation();
    }
    divergence.checkLoss(iteration, metrics);
    evaluator.afterPending(() -> listener.updated(iteration, metrics.scalars()));
  }
}
