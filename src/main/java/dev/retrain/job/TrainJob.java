package dev.retrain.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.bottleneck.BottleneckCache;
import dev.retrain.bottleneck.Extraction;
import dev.retrain.bottleneck.ExtractionResult;
import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.Split;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.evaluation.Evaluator;
import dev.retrain.evaluation.TestResult;
import dev.retrain.model.ModelDescription;
import dev.retrain.model.ModelDescription.DataOrigin;
import dev.retrain.model.ModelDescription.Metrics;
import dev.retrain.model.ModelDescription.Versions;
import dev.retrain.model.ModelWriter;
import dev.retrain.report.TrainingPlots;
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
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a classifier on a directory of pictures: bottlenecks, split, training, test, model, plots.
 *
 * @param bottlenecks the pictures, the cache and the network
 * @param split how pictures are dealt to partitions
 * @param training how the layer is trained
 * @param testBatchSize test pictures evaluated at once, at least 1; bounds the memory, not the
 *     result
 * @param outputs where results go
 * @param options the command's options as they were in force, for the model's description
 * @param versions what makes the model
 */
public record TrainJob(
    BottleneckJob bottlenecks,
    SplitOptions split,
    TrainingOptions training,
    int testBatchSize,
    Outputs outputs,
    JsonNode options,
    Versions versions) {
  private static final Logger LOG = LoggerFactory.getLogger(TrainJob.class);

  /** A class of many small ones is enough to make the point. */
  private static final int NOTICES = 5;

  /** Checks the range. */
  public TrainJob {
    if (testBatchSize < 1) {
      throw new IllegalArgumentException(
          "test batch size must be at least 1, but is " + testBatchSize);
    }
  }

  /** What the first two stages leave: vectors by partition, and what they are of. */
  private record Data(
      ImageFolder folder,
      ExtractionResult extraction,
      Split split,
      PartitionedVectors vectors,
      double extractSeconds,
      double loadSeconds) {}

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
    long start = System.nanoTime();
    outputs.prepare();
    ModelWriter.checkOutputName(bottlenecks.backbone(), outputs.finalTensorName());
    Data data = prepare(progress);
    try {
      return train(data, start, progress);
    } finally {
      data.vectors().close();
    }
  }

  private TrainReport train(Data data, long start, Progress progress) throws IOException {
    long trainingStart = System.nanoTime();
    Optional<Path> earlier = RunDirectory.clear(outputs.summariesDir());
    TrainingResult result = fit(data, progress);
    TestResult test;
    try (Evaluator evaluator = new Evaluator(result.layer())) {
      test = evaluator.test(data.vectors().test(), testBatchSize);
    }
    double trainSeconds = since(trainingStart);
    ModelDescription model =
        ModelWriter.write(
            outputs.model(),
            new ModelWriter.Parts(
                bottlenecks.backbone(),
                result.layer(),
                data.folder().labels(),
                outputs.finalTensorName(),
                origin(data),
                options,
                metrics(result, test),
                versions));
    List<Path> plots = outputs.plotsDir().map(dir -> plot(result, dir)).orElse(List.of());
    return new TrainReport(
        model,
        result,
        test,
        data.extraction().skipped(),
        plots,
        earlier,
        new Seconds(data.extractSeconds(), data.loadSeconds(), trainSeconds, since(start)));
  }

  private Data prepare(Progress progress) throws IOException {
    ImageFolder folder = ImageFolder.scan(bottlenecks.imageDir());
    folder.notices().forEach(LOG::warn);
    // A class that can't fill its partitions is told now, not after hours.
    Split.of(folder, folder.files(), split);
    try (BottleneckCache cache = new BottleneckCache(bottlenecks.bottleneckDir())) {
      long start = System.nanoTime();
      ExtractionResult extraction =
          Extraction.run(cache, bottlenecks.backbone(), folder, bottlenecks.strict(), progress);
      double extractSeconds = since(start);
      folder.checkReadable(extraction.readable());
      Split dealt = Split.of(folder, extraction.readable(), split);
      tell(dealt.notices());
      long loadStart = System.nanoTime();
      PartitionedVectors vectors =
          PartitionedVectors.load(
              cache,
              bottlenecks.backbone(),
              dealt.images(),
              extraction.hashes(),
              Runtime.getRuntime().maxMemory() / 2,
              progress);
      return new Data(folder, extraction, dealt, vectors, extractSeconds, since(loadStart));
    }
  }

  private static void tell(List<String> notices) {
    notices.stream().limit(NOTICES).forEach(LOG::warn);
    if (notices.size() > NOTICES) {
      LOG.warn("... and so for {} more.", notices.size() - NOTICES);
    }
  }

  private TrainingResult fit(Data data, Progress progress) throws IOException {
    try (TensorBoardListener events =
        new TensorBoardListener(outputs.summariesDir(), bottlenecks.backbone())) {
      return new Trainer(training, events, progress)
          .train(
              data.vectors().training(),
              data.vectors().validation(),
              data.folder().labels().size());
    }
  }

  private DataOrigin origin(Data data) {
    return new DataOrigin(
        bottlenecks.imageDir().toString(),
        DataFingerprint.of(
            data.extraction().readable(), data.split().images(), data.extraction().hashes()),
        data.extraction().readable().size(),
        data.extraction().skipped().size(),
        data.vectors().training().count(),
        data.vectors().validation().count(),
        data.vectors().test().count());
  }

  private static Metrics metrics(TrainingResult result, TestResult test) {
    List<Evaluation> history = result.history();
    return new Metrics(
        test.accuracy(),
        test.count(),
        test.loss(),
        result.best().validationAccuracy(),
        result.best().iteration(),
        history.get(history.size() - 1).iteration());
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

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
