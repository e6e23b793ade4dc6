package dev.retrain.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.evaluation.Evaluator;
import dev.retrain.evaluation.TestResult;
import dev.retrain.model.History;
import dev.retrain.model.Json;
import dev.retrain.model.ModelDescription;
import dev.retrain.model.ModelDescription.Metrics;
import dev.retrain.model.ModelDescription.Versions;
import dev.retrain.model.ModelWriter;
import dev.retrain.report.TrainingPlots;
import dev.retrain.tensorboard.HParams.Status;
import dev.retrain.tensorboard.RunDirectory;
import dev.retrain.training.Evaluation;
import dev.retrain.training.Trainer;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Failure;
import dev.retrain.work.Progress;
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
 * @param split how pictures are dealt to partitions
 * @param training how the layer is trained
 * @param testBatchSize test pictures evaluated at once, at least 1; bounds the memory, not the
 *     result; default 8000
 * @param outputs where results go
 * @param options the command's options as they were in force, for the model's description
 * @param versions what makes the model
 * @param hyperparameters what TensorBoard is told that the training is given, by the options' names
 * @param embedding whether TensorBoard's projector is given the vectors
 */
public record TrainJob(
    Source source,
    SplitOptions split,
    TrainingOptions training,
    int testBatchSize,
    Outputs outputs,
    JsonNode options,
    Versions versions,
    Map<String, String> hyperparameters,
    boolean embedding) {
  /** Test pictures evaluated at once by default. */
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
      Source source,
      SplitOptions split,
      TrainingOptions training,
      int testBatchSize,
      Outputs outputs,
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
  public static TrainJob of(Source source, Outputs outputs) {
    return new TrainJob(
        source,
        SplitOptions.DEFAULT,
        TrainingOptions.DEFAULT,
        TEST_BATCH_SIZE,
        outputs,
        Json.mapper().createObjectNode(),
        Versions.current());
  }

  /** The same with its pictures dealt so. */
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
   *     {@link Cancelled}; while training, the best layer so far is written
   * @return what it gave
   * @throws Failure where pictures, network or options can't be used
   * @throws IOException where a file can't be read or written
   */
  public TrainReport run(Progress progress) throws IOException {
    Stopwatch all = Stopwatch.start();
    outputs.prepare();
    ModelWriter.checkOutputName(source.backbone(), outputs.finalTensorName());
    SummariesLock lock = SummariesLock.take(outputs.summariesDir());
    try (lock;
        Examples examples = source.prepare(split, progress)) {
      return run(examples, all, progress);
    }
  }

  private TrainReport run(Examples examples, Stopwatch all, Progress progress) throws IOException {
    Stopwatch learning = Stopwatch.start();
    Optional<Path> earlier = RunDirectory.clear(outputs.summariesDir());
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
  TrainReport conclude(
      Examples examples,
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
    ModelDescription model =
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
    TestEvents.write(
        outputs.summariesDir(),
        examples.labels(),
        examples.vectors().test(),
        test,
        result.best().iteration());
    if (embedding) {
      new EmbeddingWriter(
              RunDirectory.train(outputs.summariesDir()),
              examples,
              source instanceof PictureSource,
              progress)
          .write(result.head(), testBatchSize);
    }
    List<Path> plots = outputs.plotsDir().map(dir -> plot(result, dir)).orElse(List.of());
    return new TrainReport(
        model,
        result,
        test,
        examples.skipped(),
        plots,
        earlier,
        new Seconds(
            examples.extractSeconds(), examples.loadSeconds(), trainSeconds, all.seconds()));
  }

  private TrainingResult train(Examples examples, Progress progress) throws IOException {
    try (TensorBoardListener events =
        new TensorBoardListener(outputs.summariesDir(), source.backbone(), hyperparameters)) {
      TrainingResult result =
          new Trainer(training, events, progress)
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
        History.of(history, result.best()));
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
