package dev.retrain.job.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.image.PixelLimit;
import dev.retrain.job.data.ImageSource;
import dev.retrain.job.data.TrainingData;
import dev.retrain.job.data.VectorSource;
import dev.retrain.job.finetune.FineTuneOutcome;
import dev.retrain.job.finetune.FineTuneSettings;
import dev.retrain.job.finetune.FineTuneStage;
import dev.retrain.job.output.EmbeddingWriter;
import dev.retrain.job.output.EventPosition;
import dev.retrain.job.output.ModelPublisher;
import dev.retrain.job.output.OutputLocks;
import dev.retrain.job.output.TensorBoardListener;
import dev.retrain.job.output.Timings;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.output.TrainResult;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.ModelMetadata.Versions;
import dev.retrain.tensorboard.HParams.Status;
import dev.retrain.tensorboard.LogDirectory;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.head.HeadTrainer;
import dev.retrain.training.weight.ClassWeights;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Json;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Stopwatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains and tests a classifier, and writes its model and TensorBoard events. Immutable. */
public final class TrainJob {
  private static final Logger LOG = LoggerFactory.getLogger(TrainJob.class);

  private final VectorSource source;
  private final SplitOptions split;
  private final TrainingOptions training;
  private final TrainOutputs outputs;
  private final ModelPublisher publisher;
  private final JsonNode options;
  private final Map<String, String> hyperparameters;
  private final boolean embedding;
  private final Optional<FineTuneSettings> fineTuning;

  private TrainJob(Builder builder) {
    source = builder.source;
    split = builder.split;
    training = builder.training;
    outputs = builder.outputs;
    publisher =
        new ModelPublisher(source.backbone(), outputs, builder.testBatchSize, builder.versions);
    options = builder.options;
    hyperparameters = builder.hyperparameters;
    embedding = builder.embedding;
    fineTuning = builder.fineTuning;
  }

  /**
   * A job with default options.
   *
   * @param source the source of the vectors
   * @param outputs where the results go
   */
  public static Builder builder(VectorSource source, TrainOutputs outputs) {
    return new Builder(source, outputs);
  }

  /** Options of a {@link TrainJob}. */
  public static final class Builder {
    private final VectorSource source;
    private final TrainOutputs outputs;
    private SplitOptions split = SplitOptions.DEFAULT;
    private TrainingOptions training = TrainingOptions.DEFAULT;
    private int testBatchSize = ModelPublisher.DEFAULT_TEST_BATCH_SIZE;
    private JsonNode options = Json.mapper().createObjectNode();
    private Versions versions = Versions.current();
    private Map<String, String> hyperparameters = Map.of();
    private boolean embedding;
    private Optional<FineTuneSettings> fineTuning = Optional.empty();

    private Builder(VectorSource source, TrainOutputs outputs) {
      this.source = source;
      this.outputs = outputs;
    }

    /** How images are split; default {@link SplitOptions#DEFAULT}. */
    public Builder split(SplitOptions value) {
      split = value;
      return this;
    }

    /** How the head is trained; default {@link TrainingOptions#DEFAULT}. */
    public Builder training(TrainingOptions value) {
      training = value;
      return this;
    }

    /** Vectors per batch of the test, at least 1; bounds the memory; default 8000. */
    public Builder testBatchSize(int value) {
      testBatchSize = value;
      return this;
    }

    /** The user's options, for the model's metadata; none by default. */
    public Builder options(JsonNode value) {
      options = value.deepCopy();
      return this;
    }

    /** The software that makes the model; by default the running one. */
    public Builder versions(Versions value) {
      versions = value;
      return this;
    }

    /** The training's settings as TensorBoard shows them, in order; none by default. */
    public Builder hyperparameters(Map<String, String> value) {
      hyperparameters = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Whether the vectors are written for TensorBoard's projector; default false. */
    public Builder embedding(boolean value) {
      embedding = value;
      return this;
    }

    /**
     * How the network is fine-tuned after the head; by default, it is not. The source must be an
     * {@link ImageSource}.
     */
    public Builder fineTuning(Optional<FineTuneSettings> value) {
      fineTuning = value;
      return this;
    }

    /** The job. */
    public TrainJob build() {
      return new TrainJob(this);
    }
  }

  /**
   * Trains, tests and writes the model. If the user cancels during the training, the best head so
   * far is tested and written.
   *
   * @param progress receives the progress, and can cancel the work
   * @throws RetrainException if images, backbone or options can't be used
   * @throws CancelledException if the user cancels before the training
   * @throws IOException if a file can't be read or written
   */
  public TrainResult run(Progress progress) throws IOException {
    Stopwatch total = Stopwatch.start();
    publisher.prepare();
    Optional<FineTuneStage> stage =
        fineTuning.map(
            settings ->
                FineTuneStage.prepare(
                    (ImageSource) source,
                    settings,
                    training.classWeights(),
                    publisher,
                    FineTuneSettings.checkpoint(outputs.model().graph())));
    if (!training.classWeights().equals(ClassWeights.NONE)) {
      training.classWeights().check(source.labels());
    }
    OutputLocks lock = OutputLocks.acquire(outputs);
    try (lock;
        TrainingData data = source.prepare(split, progress)) {
      stage.ifPresent(tuning -> tuning.check(data));
      Stopwatch stopwatch = Stopwatch.start();
      Optional<Path> earlier = LogDirectory.clear(outputs.summariesDir());
      try {
        return trainAndPublish(data, new Run(stage, earlier, stopwatch, total, progress));
      } catch (IOException | RuntimeException e) {
        earlier.ifPresent(path -> LOG.warn("The events of the earlier run are in {}.", path));
        throw e;
      }
    }
  }

  /**
   * A run of the job.
   *
   * @param fineTuning the fine-tuning, if there is one
   * @param earlier where the events of an earlier run were moved, if there were any
   * @param stopwatch started when the vectors were loaded
   * @param total started at the beginning
   * @param progress receives the progress, and can cancel the work
   */
  private record Run(
      Optional<FineTuneStage> fineTuning,
      Optional<Path> earlier,
      Stopwatch stopwatch,
      Stopwatch total,
      Progress progress) {}

  private TrainResult trainAndPublish(TrainingData data, Run run) throws IOException {
    FineTuneOutcome tuned;
    try (TensorBoardListener events =
        new TensorBoardListener(outputs.summariesDir(), source.backbone(), hyperparameters)) {
      resumeEvents(events, run);
      TrainingResult head =
          new HeadTrainer(training, events, run.progress())
              .train(data.vectors().training(), data.vectors().validation(), data.targets());
      tuned = fineTune(head, data, events, run);
      events.finish(Status.SUCCESS);
    }
    if (tuned.network().isEmpty()) {
      return publish(publisher, tuned, data, run);
    }
    try (TrainingData vectors = tuned.network().get().data()) {
      return publish(publisher.with(tuned.network().get().backbone()), tuned, vectors, run);
    }
  }

  /** A resumed training shows the events of the interrupted one, too. */
  private static void resumeEvents(TensorBoardListener events, Run run) throws IOException {
    Optional<EventPosition> position = run.fineTuning().flatMap(FineTuneStage::events);
    if (position.isPresent() && !events.resume(position.get())) {
      LOG.warn(
          "The TensorBoard events of the interrupted training are not in the log directory; the"
              + " curves have a gap before the checkpoint.");
    }
  }

  /** If the user cancels before the network is updated, the head is the result. */
  private FineTuneOutcome fineTune(
      TrainingResult head, TrainingData data, TensorBoardListener events, Run run)
      throws IOException {
    if (run.fineTuning().isEmpty()) {
      return FineTuneOutcome.without(head);
    }
    FineTuneStage stage = run.fineTuning().get();
    try {
      if (!head.cancelled()) {
        return stage.run(head, data, Optional.of(events), run.progress());
      }
    } catch (CancelledException e) {
      LOG.debug("Cancelled before the first update", e);
    }
    if (stage.resumes()) {
      throw new CancelledException(
          "Interrupted before the fine-tuning resumed; its checkpoint and the model are unchanged.");
    }
    return FineTuneOutcome.without(
        new TrainingResult(head.head(), head.best(), head.history(), true));
  }

  private TrainResult publish(ModelPublisher to, FineTuneOutcome tuned, TrainingData data, Run run)
      throws IOException {
    TrainingResult result = tuned.result();
    Assessment test = to.test(result, data);
    double trainSeconds = run.stopwatch().seconds();
    ModelMetadata model =
        to.publish(
            new ModelPublisher.Run(
                options, training.seed(), outputs.summariesDir(), tuned.description()),
            result,
            test,
            data);
    if (embedding) {
      new EmbeddingWriter(
              LogDirectory.train(outputs.summariesDir()), data, thumbnails(), run.progress())
          .write(result.head(), test, to.testBatchSize());
    }
    if (run.fineTuning().isPresent() && !result.cancelled()) {
      run.fineTuning().get().deleteCheckpoint();
    }
    return new TrainResult(
        model,
        result,
        test,
        data.skipped(),
        run.earlier(),
        new Timings(
            data.extractSeconds(), data.loadSeconds(), trainSeconds, run.total().seconds()));
  }

  private Optional<PixelLimit> thumbnails() {
    return source.hasImages()
        ? source.backbone().map(backbone -> backbone.preprocessing().pixelLimit())
        : Optional.empty();
  }
}
