package dev.retrain.job.sweep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.finetune.layers.FineTuneNetwork;
import dev.retrain.job.data.TrainingData;
import dev.retrain.job.data.VectorSource;
import dev.retrain.job.output.ModelPublisher;
import dev.retrain.job.output.OutputLocks;
import dev.retrain.job.output.Timings;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.output.TrainResult;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.ModelMetadata.Versions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.weight.ClassWeights;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Json;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Stopwatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Trains a head, and perhaps its network, with each of many settings on the same images, then tests
 * the best one and writes its model. Immutable.
 *
 * <p>Every run equals a single training with the same settings, bit for bit. Runs that have ended
 * are kept, so that the same sweep, or a larger one, resumes.
 */
public final class SweepJob {
  private final VectorSource source;
  private final Function<SweepRun, VectorSource> sources;
  private final SplitOptions split;
  private final List<SweepRun> runs;
  private final TrainOutputs outputs;
  private final ModelPublisher publisher;
  private final ObjectNode options;

  private SweepJob(Builder builder) {
    source = builder.source;
    sources = builder.sources;
    split = builder.split;
    runs = builder.runs;
    outputs = builder.outputs;
    publisher =
        new ModelPublisher(source.backbone(), outputs, builder.testBatchSize, builder.versions);
    options = builder.options;
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
    private Function<SweepRun, VectorSource> sources;

    private Builder(VectorSource source, List<SweepRun> runs, TrainOutputs outputs) {
      this.source = source;
      sources = run -> source;
      this.runs = List.copyOf(runs);
      this.outputs = outputs;
    }

    /**
     * The source of each run's vectors, which may differ in the size of the images; by default, one
     * for all. Runs with the same source share their vectors.
     */
    public Builder sources(Function<SweepRun, VectorSource> value) {
      sources = value;
      return this;
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
    checkNetworks();
    OutputLocks lock = OutputLocks.acquire(outputs);
    try (lock;
        SweepInputs inputs = SweepInputs.prepare(runs, sources, split, publisher, progress)) {
      SweepDirectory directory = new SweepDirectory(outputs.summariesDir(), inputs.objective());
      Stopwatch training = Stopwatch.start();
      Map<SweepRun, RunRecord> records = inputs.records();
      Optional<Path> earlier = directory.makeRoom(records);
      directory.writeExperiment(runs);
      SweepTrainer trainer = new SweepTrainer(inputs, records, directory, progress);
      List<RunResult> results = trainer.trainAll();
      double trainSeconds = training.seconds();
      Path table = directory.writeTable(results);
      List<SettingSummary> settings = SettingSummary.summarize(results);
      SweepRun winner = winner(results, settings.get(0)).run();
      Stopwatch stopwatch = Stopwatch.start();
      try (Winner model = Winner.train(trainer.trainer(winner), progress)) {
        TrainResult published = publish(model, directory.path(winner), earlier, stopwatch, total);
        for (SweepRun run : runs) {
          Files.deleteIfExists(directory.checkpoint(run));
        }
        return new SweepResult(results, settings, winner, published, table, trainSeconds);
      }
    }
  }

  /** Fails before any slow work if a network can't be fine-tuned. */
  private void checkNetworks() {
    for (SweepRun run : runs) {
      run.fineTuning()
          .ifPresent(
              tuning ->
                  FineTuneNetwork.prepare(
                      sources.apply(run).backbone().orElseThrow(), tuning.settings().layers()));
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

  private TrainResult publish(
      Winner winner, Path events, Optional<Path> earlier, Stopwatch stopwatch, Stopwatch total)
      throws IOException {
    TrainingData data = winner.data();
    TrainingResult result = winner.outcome().result();
    Assessment test = winner.publisher().test(result, data);
    double trainSeconds = stopwatch.seconds();
    ModelMetadata model =
        winner
            .publisher()
            .publish(
                new ModelPublisher.Run(
                    options(winner.run()),
                    winner.run().seed(),
                    events,
                    winner.outcome().description()),
                result,
                test,
                data);
    return new TrainResult(
        model,
        result,
        test,
        data.skipped(),
        earlier,
        new Timings(data.extractSeconds(), data.loadSeconds(), trainSeconds, total.seconds()));
  }

  /** The user's options with the winner's values. */
  private ObjectNode options(SweepRun winner) {
    ObjectNode chosen = options.deepCopy();
    runs.stream()
        .flatMap(run -> run.options().keySet().stream())
        .filter(key -> !winner.options().containsKey(key))
        .forEach(chosen::remove);
    winner.options().forEach(chosen::put);
    return chosen;
  }
}
