package dev.retrain.training.head;

import dev.retrain.training.Evaluation;
import dev.retrain.training.ScalarSummary;
import dev.retrain.training.Targets;
import dev.retrain.training.batch.BatchTensors;
import dev.retrain.training.graph.BatchMetrics;
import dev.retrain.training.graph.BatchResult;
import dev.retrain.training.graph.FetchedTensors;
import dev.retrain.training.metric.RunningMetric;
import org.tensorflow.proto.Summary;

/** Evaluates averaged layers on the validation vectors. Not thread-safe. */
final class ValidationEvaluator {
  private final HeadTrainingGraph graph;
  private final Targets targets;
  private final ValidationBatches batches;
  private final TrainingSchedule schedule;
  private final DivergenceCheck divergence;

  ValidationEvaluator(
      HeadTrainingGraph graph,
      Targets targets,
      ValidationBatches batches,
      TrainingSchedule schedule) {
    this.graph = graph;
    this.targets = targets;
    this.batches = batches;
    this.schedule = schedule;
    divergence = new DivergenceCheck(schedule.learningRate());
  }

  /**
   * An evaluation with its summaries.
   *
   * @param training histograms of the update's batch; empty if there are none
   * @param validation scalars and, if there are any, histograms of the validation images
   */
  record EvaluationSummary(Evaluation evaluation, Summary training, Summary validation) {}

  /**
   * Evaluates the state after an update.
   *
   * @param iteration number of updates so far, at least 1
   * @param update result of the last update; there are histograms if it has their inputs
   * @param averages the averaged layers after that update
   */
  EvaluationSummary evaluate(int iteration, BatchResult update, FetchedTensors averages) {
    Summary training =
        update
            .histogramInputs()
            .map(inputs -> trainingHistograms(iteration, inputs))
            .orElseGet(Summary::getDefaultInstance);
    boolean histograms = update.histogramInputs().isPresent();
    RunningMetric metric = RunningMetric.create(targets.objective(), targets.classes());
    double loss = 0;
    int count = 0;
    Summary.Builder validation = Summary.newBuilder();
    for (BatchTensors batch : batches.next()) {
      boolean first = count == 0;
      try (BatchResult result = graph.evaluate(averages, batch, histograms && first)) {
        BatchMetrics metrics = result.metrics();
        divergence.checkLoss(iteration, metrics);
        if (first) {
          // The histograms are those of the first images.
          validation.mergeFrom(metrics.scalars());
          result
              .histogramInputs()
              .map(outputs -> averageHistograms(iteration, averages, outputs))
              .ifPresent(validation::mergeFrom);
        }
        metric.add(
            new RunningMetric.Batch(
                batch.size(), metrics.metric(), result.scores(), batch.multiHot()));
        loss += (double) metrics.loss() * batch.size();
        count += batch.size();
      }
    }
    Evaluation evaluation =
        new Evaluation(
            iteration,
            update.metrics().metric(),
            update.metrics().loss(),
            metric.value(),
            loss / count);
    validation
        .addValue(
            ScalarSummary.of(targets.objective().metricName(), evaluation.validationAccuracy()))
        .addValue(ScalarSummary.of(targets.objective().lossName(), evaluation.validationLoss()))
        .addValue(ScalarSummary.of("learning_rate", schedule.learningRate(iteration)));
    return new EvaluationSummary(evaluation, training, validation.build());
  }

  // TensorFlow's histogram operation fails for values that are not finite.
  private Summary trainingHistograms(int iteration, FetchedTensors inputs) {
    divergence.checkTensors(iteration, inputs);
    return graph.histograms(inputs);
  }

  private Summary averageHistograms(
      int iteration, FetchedTensors averages, FetchedTensors outputs) {
    divergence.checkTensors(iteration, averages);
    divergence.checkTensors(iteration, outputs);
    return graph.averageHistograms(averages, outputs);
  }
}
