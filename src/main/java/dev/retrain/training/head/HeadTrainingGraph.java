package dev.retrain.training.head;

import dev.retrain.training.Head;
import dev.retrain.training.Objective;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.batch.BatchTensors;
import dev.retrain.training.batch.TargetFormat;
import dev.retrain.training.graph.BatchMetrics;
import dev.retrain.training.graph.BatchResult;
import dev.retrain.training.graph.FetchedTensors;
import dev.retrain.training.graph.HeadShape;
import dev.retrain.training.graph.MetricOps;
import dev.retrain.training.graph.StepSettings;
import dev.retrain.util.SessionConfigs;
import dev.retrain.util.TensorFlowRuntime;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.Summary;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/**
 * The TensorFlow graph that trains a head, and its session.
 *
 * <p>It computes on one thread or, with hidden layers, on as many threads as there are cores. The
 * order of summation is fixed in both cases, so equal inputs give bit-identical weights. With
 * hidden layers, machines with different numbers of cores give results that differ by rounding.
 *
 * <p>Owns graph and session; {@link #close()} frees them.
 */
final class HeadTrainingGraph implements AutoCloseable {
  private final int layers;
  private final Graph graph;
  private final Session session;
  private final TrainingOps ops;

  /**
   * @param shape the layers
   * @param format how labels and weights are fed
   * @param standardization standardization of the vectors
   * @param penalty factor of half the sum of the squared weights in the objective
   * @param options optimizer, regularization and seed
   */
  HeadTrainingGraph(
      HeadShape shape,
      TargetFormat format,
      Standardization standardization,
      float penalty,
      TrainingOptions options) {
    layers = shape.layers();
    graph = TensorFlowRuntime.newGraph();
    Session opened = null;
    try {
      ops = TrainingOps.build(graph, shape, format, standardization, penalty, options);
      opened = new Session(graph, sessionConfig(shape));
      session = opened;
      ops.variables().initialize(session);
    } catch (RuntimeException e) {
      if (opened != null) {
        opened.close();
      }
      graph.close();
      throw e;
    }
  }

  // For a final layer alone, several threads are slower than one.
  private static ConfigProto sessionConfig(HeadShape shape) {
    return shape.hiddenUnits().isEmpty()
        ? SessionConfigs.SINGLE_THREADED
        : SessionConfigs.SINGLE_THREADED.toBuilder()
            .setIntraOpParallelismThreads(Runtime.getRuntime().availableProcessors())
            .build();
  }

  GraphDef definition() {
    return graph.toGraphDef();
  }

  /**
   * Updates the weights once.
   *
   * @param batch the batch
   * @param settings learning rate and similar values of this update
   * @param withHistogramInputs whether to fetch what {@link #histograms} needs
   * @return metrics of the batch before the update; to be closed
   */
  BatchResult update(BatchTensors batch, StepSettings settings, boolean withHistogramInputs) {
    try (TFloat32 settingsTensor = settings.settingsTensor();
        TInt64 stepTensor = settings.stepTensor()) {
      Session.Runner runner =
          fetch(session.runner(), ops.trained().metrics(), ops.scalars(), batch)
              .feed(ops.step().settings(), settingsTensor)
              .feed(ops.step().step(), stepTensor);
      ops.updates().forEach(runner::addTarget);
      return run(
          runner,
          Optional.empty(),
          withHistogramInputs ? ops.trained().histogramInputs() : List.of());
    }
  }

  /** The averaged layers as they are now; to be closed. */
  FetchedTensors averages() {
    Session.Runner runner = session.runner();
    ops.averaged().fetched().forEach(runner::fetch);
    return new FetchedTensors(runner.run(), 0, ops.averaged().fetched());
  }

  /**
   * Evaluates averaged layers on a batch. May run concurrently with updates.
   *
   * @param averages the layers
   * @param batch the batch
   * @param withHistogramInputs whether to fetch what {@link #averageHistograms} needs
   * @return to be closed
   */
  BatchResult evaluate(FetchedTensors averages, BatchTensors batch, boolean withHistogramInputs) {
    MetricOps metrics = ops.averaged().metrics();
    Session.Runner runner =
        fetch(averages.feed(session.runner()), metrics, metrics.statistics(), batch);
    Optional<Operand<TFloat32>> scores =
        metrics.target().objective() == Objective.MULTI_LABEL
            ? Optional.of(metrics.logits())
            : Optional.empty();
    return run(runner, scores, withHistogramInputs ? metrics.outputs() : List.of());
  }

  /**
   * Computes the histograms of an update. May run concurrently with updates.
   *
   * @param inputs the histogram inputs of the update, all finite
   */
  Summary histograms(FetchedTensors inputs) {
    return histograms(inputs.feed(session.runner()), ops.trained().metrics());
  }

  /**
   * Computes the histograms of an evaluation. May run concurrently with updates.
   *
   * @param averages the layers, all finite
   * @param outputs the histogram inputs of the evaluation, all finite
   */
  Summary averageHistograms(FetchedTensors averages, FetchedTensors outputs) {
    return histograms(outputs.feed(averages.feed(session.runner())), ops.averaged().metrics());
  }

  private static Summary histograms(Session.Runner runner, MetricOps metrics) {
    try (Result result = runner.fetch(metrics.histograms()).run()) {
      return BatchMetrics.summary(result, 0);
    }
  }

  private Session.Runner fetch(
      Session.Runner runner, MetricOps metrics, Operand<TString> scalars, BatchTensors batch) {
    ops.input()
        .weights()
        .ifPresent(weights -> batch.weights().ifPresent(values -> runner.feed(weights, values)));
    return runner
        .feed(ops.input().vectors(), batch.vectors())
        .feed(ops.input().loss().labels(), batch.labels())
        .fetch(metrics.metric())
        .fetch(metrics.loss())
        .fetch(scalars);
  }

  private static BatchResult run(
      Session.Runner runner,
      Optional<Operand<TFloat32>> scores,
      List<Operand<TFloat32>> histogramInputs) {
    // The scores are among the inputs of the histograms, and a tensor can't be fetched twice.
    List<Operand<TFloat32>> fetched =
        histogramInputs.isEmpty() ? scores.stream().toList() : histogramInputs;
    fetched.forEach(runner::fetch);
    Result result = runner.run();
    try {
      float[] values =
          scores
              .map(logits -> result.get(BatchMetrics.TENSORS + fetched.indexOf(logits)))
              .map(FetchedTensors::floats)
              .orElse(new float[0]);
      return new BatchResult(
          BatchMetrics.read(result),
          values,
          histogramInputs.isEmpty()
              ? Optional.empty()
              : Optional.of(new FetchedTensors(result, BatchMetrics.TENSORS, histogramInputs)));
    } finally {
      if (histogramInputs.isEmpty()) {
        result.close();
      }
    }
  }

  /** The head of averaged layers, for vectors without standardization. */
  Head head(FetchedTensors averages) {
    return averages.head(layers, ops.input().loss().objective());
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
