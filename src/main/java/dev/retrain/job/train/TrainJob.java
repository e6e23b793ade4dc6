package dev.retrain.job.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.evaluation.Evaluator;
import dev.retrain.evaluation.TestResult;
import dev.retrain.job.data.ImageSource;
import dev.retrain.job.data.TrainingData;
import dev.retrain.job.data.VectorSource;
import dev.retrain.job.output.EmbeddingWriter;
import dev.retrain.job.output.LogDirLock;
import dev.retrain.job.output.TensorBoardListener;
import dev.retrain.job.output.TestSummaries;
import dev.retrain.job.output.Timings;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.output.TrainResult;
import dev.retrain.model.ModelMetadata;
import dev.retrain.model.ModelMetadata.Metrics;
import dev.retrain.model.ModelMetadata.Versions;
import dev.retrain.model.ModelWriter;
import dev.retrain.model.TrainingHistory;
import dev.retrain.report.TrainingPlots;
import dev.retrain.tensorboard.HParams.Status;
import dev.retrain.tensorboard.LogDirectory;
import dev.retrain.training.Evaluation;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.head.HeadTrainer;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Json;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Stopwatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a classifier: vectors, split, training, test, model, plots.
 *
 * @param source where the vectors come from
 * @param split how images are dealt to partitions
 * @param training how the layer is trained
 * @param testBatchSize test images evaluated at once, at least 1; bounds the memory, not the
 *     result; default 8000
 * @param outputs where results go
 * @param options the command's options as they were in force, for the model's description
 * @param versions what makes the model
 * @param hyperparameters what TensorBoard is told that the training is given, by the options' names
 * @param embedding whether TensorBoard's projector is given the vectors
 */
public record TrainJob(
    VectorSource source,
    SplitOptions split,
    TrainingOptions training,
    int testBatchSize,
    TrainOutputs outputs,
    JsonNode options,
    Versions versions,
    Map<String, String> hyperparameters,
    boolean embedding) {
  /** Test images evaluated at once by default. */
  private static final int TEST_BATCH_SIZE = 8000;

  private static final Logger LOG = LoggerFactory.getLogger(TrainJob.class);

  /** Copies the map, and checks the range. */
  public TrainJob {
    hyperparameters = Collections.unmodifiableMap(new LinkedHashMap<>(hyperparameters));
    if (testBatchSize < 1) {
      throw new IllegalArgumentException(
          "test batch size must be at least 1, but is " + testBatchSize);
    }
  }

  /** A training of whose settings TensorBoard is told nothing. */
  public TrainJob(
      VectorSource source,
      SplitOptions split,
      TrainingOptions training,
      int testBatchSize,
      TrainOutputs outputs,
      JsonNode options,
      Versions versions) {
    this(source, split, training, testBatchSize, outputs, options, versions, Map.of(), false);
  }

  /**
   * A training with all defaults.
   *
   * @param source where the vectors come from
   * @param outputs where results go
   */
  public static TrainJob of(VectorSource source, TrainOutputs outputs) {
    return new TrainJob(
        source,
        SplitOptions.DEFAULT,
        TrainingOptions.DEFAULT,
        TEST_BATCH_SIZE,
        outputs,
        Json.mapper().createObjectNode(),
        Versions.current());
  }

  /** The same with its images dealt so. */
  public TrainJob with(SplitOptions other) {
    return new TrainJob(
        source,
        other,
        training,
        testBatchSize,
        outputs,
        options,
        versions,
        hyperparameters,
        embedding);
  }

  /** The same with its layer trained so. */
  public TrainJob with(TrainingOptions other) {
    return new TrainJob(
        source,
        split,
        other,
        testBatchSize,
        outputs,
        options,
        versions,
        hyperparameters,
        embedding);
  }

  /** The same with these options in the model's description. */
  public TrainJob with(JsonNode other) {
    return new TrainJob(
        source,
        split,
        training,
        testBatchSize,
        outputs,
        other,
        versions,
        hyperparameters,
        embedding);
  }

  /**
   * Runs it.
   *
   * @param progress is told how far it is, and may stop it: while bottlenecks are computed that is
   *     {@link CancelledException}; while training, the best layer so far is written
   * @return what it gave
   * @throws RetrainException where images, network or options can't be used
   * @throws IOException where a file can't be read or written
   */
  public TrainResult run(Progress progress) throws IOException {
    Stopwatch all = Stopwatch.start();
    outputs.prepare();
    ModelWriter.checkOutputName(source.backbone(), outputs.finalTensorName());
    LogDirLock lock = LogDirLock.take(outputs.summariesDir());
    try (lock;
        TrainingData examples = source.prepare(split, progress)) {
      return run(examples, all, progress);
    }
  }

  private TrainResult run(TrainingData examples, Stopwatch all, Progress progress)
      throws IOException {
    Stopwatch learning = Stopwatch.start();
    Optional<Path> earlier = LogDirectory.clear(outputs.summariesDir());
    try {
      return conclude(examples, train(examples, progress), earlier, learning, all, progress);
    } catch (IOException | RuntimeException e) {
      earlier.ifPresent(where -> LOG.warn("The events of the training before are in {}.", where));
      throw e;
    }
  }

  /**
   * Tests a layer, and writes its model, the test's events and plots.
   *
   * @param examples what it was trained on
   * @param result the training's course, with the layer
   * @param earlier where an earlier run's TensorBoard events were moved
   * @param learning started with the training
   * @param all started with the job
   * @param progress is told of thumbnails
   */
  public TrainResult conclude(
      TrainingData examples,
      TrainingResult result,
      Optional<Path> earlier,
      Stopwatch learning,
      Stopwatch all,
      Progress progress)
      throws IOException {
    TestResult test;
    try (Evaluator evaluator = new Evaluator(result.head())) {
      test = evaluator.test(examples.vectors().test(), testBatchSize);
    }
    double trainSeconds = learning.seconds();
    ModelMetadata model =
        ModelWriter.write(
            outputs.model(),
            new ModelWriter.Parts(
                source.backbone(),
                result.head(),
                examples.labels(),
                outputs.finalTensorName(),
                examples.origin(),
                options,
                metrics(result, test),
                versions));
    TestSummaries.write(
        outputs.summariesDir(),
        examples.labels(),
        examples.vectors().test(),
        test,
        result.best().iteration());
    if (embedding) {
      new EmbeddingWriter(
              LogDirectory.train(outputs.summariesDir()),
              examples,
              source instanceof ImageSource,
              progress)
          .write(result.head(), testBatchSize);
    }
    List<Path> plots = outputs.plotsDir().map(dir -> plot(result, dir)).orElse(List.of());
    return new TrainResult(
        model,
        result,
        test,
        examples.skipped(),
        plots,
        earlier,
        new Timings(
            examples.extractSeconds(), examples.loadSeconds(), trainSeconds, all.seconds()));
  }

  private TrainingResult train(TrainingData examples, Progress progress) throws IOException {
    try (TensorBoardListener events =
        new TensorBoardListener(outputs.summariesDir(), source.backbone(), hyperparameters)) {
      TrainingResult result =
          new HeadTrainer(training, events, progress)
              .train(
                  examples.vectors().training(),
                  examples.vectors().validation(),
                  examples.labels().size());
      events.finish(Status.SUCCESS);
      return result;
    }
  }

  private static Metrics metrics(TrainingResult result, TestResult test) {
    List<Evaluation> history = result.history();
    return new Metrics(
        test.accuracy(),
        test.count(),
        test.loss(),
        result.best().validationAccuracy(),
        result.best().iteration(),
        history.get(history.size() - 1).iteration(),
        TrainingHistory.of(history, result.best()));
  }

  private static List<Path> plot(TrainingResult result, Path directory) {
    Path accuracy = directory.resolve("accuracy_plot.png");
    Path loss = directory.resolve("loss_plot.png");
    try {
      TrainingPlots.accuracy(result.history(), result.best().iteration(), accuracy);
      TrainingPlots.loss(result.history(), result.best().iteration(), loss);
      return List.of(accuracy, loss);
    } catch (IOException | LinkageError | InternalError e) {
      // Java without fonts (a slim container) throws errors; the model is what counts.
      LOG.warn(
          "The plots could not be drawn ({}); where fonts are missing, install fontconfig and any"
              + " font.",
          e.toString());
      LOG.debug("Plotting failed", e);
      return List.of();
    }
  }
}
