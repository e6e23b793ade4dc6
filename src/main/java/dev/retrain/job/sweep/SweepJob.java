package dev.retrain.job.sweep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.job.data.TrainingData;
import dev.retrain.job.data.VectorSource;
import dev.retrain.job.output.ModelPublisher;
import dev.retrain.job.output.OutputLocks;
import dev.retrain.job.output.Timings;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.output.TrainResult;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.ModelMetadata.Versions;
import dev.retrain.training.TrainingListener;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.weight.ClassWeights;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Json;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Stopwatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Trains a head with each of many settings on the same vectors, then tests the best one and writes
 * its model. Immutable.
 *
 * <p>Every run equals a single training with the same settings, bit for bit. Runs that have ended
 * are kept, so that the same sweep, or a larger one, resumes.
 */
public final class SweepJob {
  private final VectorSource source;
  private final SplitOptions split;
  private final List<SweepRun> runs;
  private final TrainOutputs outputs;
  private final ModelPublisher publisher;
  private final ObjectNode options;
  private final Versions versions;

  private SweepJob(Builder builder) {
    source = builder.source;
    split = builder.split;
    runs = builder.runs;
    outputs = builder.outputs;
    publisher =
        new ModelPublisher(source.backbone(), outputs, builder.testBatchSize, builder.versions);
    options = builder.options;
    versions = builder.versions;
  }

  /**
   * A job with default options.
   *
   * @param source the source of the vectors
   * @param runs the trainings, at least one, all different
   * @param outputs where the results go; each run has its own directory in the log directory
   */
  public static Builder builder(VectorSource source, List<SweepRun> runs, TrainOutputs outputs) {
    return new Builder(source, runs, outputs);
  }

  /** Options of a {@link SweepJob}. */
  public static final class Builder {
    private final VectorSource source;
    private final List<SweepRun> runs;
    private final TrainOutputs outputs;
    private SplitOptions split = SplitOptions.DEFAULT;
    private int testBatchSize = ModelPublisher.DEFAULT_TEST_BATCH_SIZE;
    private ObjectNode options = Json.mapper().createObjectNode();
    private Versions versions = Versions.current();

    private Builder(VectorSource source, List<SweepRun> runs, TrainOutputs outputs) {
      this.source = source;
      this.runs = List.copyOf(runs);
      this.outputs = outputs;
    }

    /** How images are split; default {@link SplitOptions#DEFAULT}. */
    public Builder split(SplitOptions value) {
      split = value;
      return this;
    }

    /** Vectors per batch of the test, at least 1; bounds the memory; default 8000. */
    public Builder testBatchSize(int value) {
      testBatchSize = value;
      return this;
    }

    /**
     * The user's options, for the model's metadata, which has the winner's values in place of the
     * sweep's; none by default.
     */
    public Builder options(ObjectNode value) {
      options = value.deepCopy();
      return this;
    }

    /** The software that makes the model; by default the running one. */
    public Builder versions(Versions value) {
      versions = value;
      return this;
    }

    /** The job. */
    public SweepJob build() {
      return new SweepJob(this);
    }
  }

  /**
   * Trains all runs that have not ended earlier, and writes the model of the best.
   *
   * @param progress receives the progress, and can cancel the work
   * @throws RetrainException if images, backbone or options can't be used, or all runs fail
   * @throws CancelledException if the user cancels; runs that have ended are kept
   * @throws IOException if a file can't be read or written
   */
  public SweepResult run(Progress progress) throws IOException {
    Stopwatch total = Stopwatch.start();
    publisher.prepare();
    List<ClassWeights> weights = classWeights();
    if (!weights.isEmpty()) {
      List<String> labels = source.labels();
      weights.forEach(each -> each.check(labels));
    }
    OutputLocks lock = OutputLocks.acquire(outputs);
    try (lock;
        TrainingData data = source.prepare(split, progress)) {
      SweepDirectory directory = new SweepDirectory(outputs.summariesDir(), data.objective());
      Stopwatch training = Stopwatch.start();
      RunRecord.Data identity =
          new RunRecord.Data(
              data.origin().fingerprint(),
              source.identity(),
              versions.retrain(),
              versions.tensorflow());
      Optional<Path> earlier = directory.makeRoom(runs, identity);
      directory.writeExperiment(runs);
      List<RunResult> results =
          new SweepTrainer(data, identity, directory, progress).trainAll(runs);
      double trainSeconds = training.seconds();
      Path table = directory.writeTable(results);
      List<SettingSummary> settings = SettingSummary.summarize(results);
      SweepRun winner = winner(results, settings.get(0)).run();
      TrainResult model = publish(winner, directory.path(winner), data, earlier, progress, total);
      return new SweepResult(results, settings, winner, model, table, trainSeconds);
    }
  }

  private List<ClassWeights> classWeights() {
    return runs.stream()
        .map(run -> run.training().classWeights())
        .filter(weights -> !weights.equals(ClassWeights.NONE))
        .distinct()
        .toList();
  }

  private static RunResult winner(List<RunResult> results, SettingSummary best) {
    return results.stream()
        .filter(result -> result.run().setting().equals(best.options()))
        .filter(result -> result.metrics().isPresent())
        .reduce(
            (one, other) ->
                other.metrics().orElseThrow().betterThan(one.metrics().orElseThrow()) ? other : one)
        .orElseThrow(
            () ->
                new RetrainException(
                    "All trainings of the sweep failed. The first one: %s",
                    results.get(0).failure().orElseThrow()));
  }

  // Trains the winner again: the runs keep their metrics, not their heads.
  private TrainResult publish(
      SweepRun winner,
      Path events,
      TrainingData data,
      Optional<Path> earlier,
      Progress progress,
      Stopwatch total)
      throws IOException {
    Stopwatch stopwatch = Stopwatch.start();
    TrainingResult result = SweepTrainer.train(winner, data, TrainingListener.NONE, progress);
    if (result.cancelled()) {
      throw new CancelledException(
          "Interrupted: all trainings are finished and kept; run the same command to write the"
              + " model of the best one.");
    }
    Assessment test = publisher.test(result, data);
    double trainSeconds = stopwatch.seconds();
    ObjectNode winnerOptions = options.deepCopy();
    winner.options().forEach(winnerOptions::put);
    ModelMetadata model =
        publisher.publish(
            new ModelPublisher.Run(winnerOptions, winner.seed(), events), result, test, data);
    return new TrainResult(
        model,
        result,
        test,
        data.skipped(),
        earlier,
        new Timings(data.extractSeconds(), data.loadSeconds(), trainSeconds, total.seconds()));
  }
}
