package dev.retrain.job.sweep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.job.data.ImageSource;
import dev.retrain.job.data.TrainingData;
import dev.retrain.job.data.VectorSource;
import dev.retrain.job.output.LogDirLock;
import dev.retrain.job.output.TensorBoardListener;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.output.TrainResult;
import dev.retrain.job.train.TrainJob;
import dev.retrain.model.ModelMetadata.Versions;
import dev.retrain.model.ModelWriter;
import dev.retrain.tensorboard.HParams.Status;
import dev.retrain.training.TrainingDivergedException;
import dev.retrain.training.TrainingListener;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.head.HeadTrainer;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Stopwatch;
import dev.retrain.util.concurrent.PendingResult;
import dev.retrain.util.concurrent.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Trains a layer with each of many settings, on the same vectors, as many at once as there are
 * cores; then tests the best one and makes a model of it.
 *
 * <p>Every run is what {@link TrainJob} makes of its settings, bit for bit. Runs that have ended
 * are kept: the same sweep, or a larger one, goes on from there.
 *
 * @param source where the vectors come from
 * @param split how images are dealt to partitions
 * @param runs the trainings, at least one, no two alike
 * @param testBatchSize test images evaluated at once, at least 1
 * @param outputs where results go; each run's events are in a directory of its own below the
 *     summaries directory
 * @param options the command's options as they were in force; those of the training are replaced by
 *     the winner's
 * @param versions what makes the model
 */
public record SweepJob(
    VectorSource source,
    SplitOptions split,
    List<SweepRun> runs,
    int testBatchSize,
    TrainOutputs outputs,
    ObjectNode options,
    Versions versions) {
  /** Copies the list. */
  public SweepJob {
    runs = List.copyOf(runs);
  }

  /**
   * Runs it.
   *
   * @param progress is told how far it is, and may stop it
   * @return what it gave
   * @throws RetrainException where images, network or options can't be used, or no run gave a layer
   * @throws CancelledException where the user stopped it; what has ended is kept
   * @throws IOException where a file can't be read or written
   */
  public SweepResult run(Progress progress) throws IOException {
    Stopwatch all = Stopwatch.start();
    outputs.prepare();
    ModelWriter.checkOutputName(source.backbone(), outputs.finalTensorName());
    LogDirLock lock = LogDirLock.take(outputs.summariesDir());
    try (lock;
        TrainingData examples = source.prepare(split, progress)) {
      SweepDirectory folder = new SweepDirectory(outputs.summariesDir());
      Stopwatch learning = Stopwatch.start();
      RunRecord.Data data = data(examples);
      Optional<Path> earlier = folder.makeRoom(runs, data);
      folder.describe(runs);
      List<RunResult> results = new Training(examples, folder, data, progress).all();
      double trainSeconds = learning.seconds();
      Path table = folder.writeTable(results);
      List<SettingSummary> settings = SettingSummary.summarize(results);
      SweepRun winner = winner(results, settings.get(0)).run();
      TrainResult model = model(winner, folder.path(winner), examples, earlier, progress, all);
      return new SweepResult(results, settings, winner, model, table, trainSeconds);
    }
  }

  private RunRecord.Data data(TrainingData examples) {
    String vectors =
        source instanceof ImageSource images
            ? images.bottlenecks().backbone().identity().text() + " " + images.variants()
            : "text";
    return new RunRecord.Data(
        examples.origin().fingerprint(), vectors, versions.retrain(), versions.tensorflow());
  }

  private static RunResult winner(List<RunResult> results, SettingSummary best) {
    return results.stream()
        .filter(result -> result.run().setting().equals(best.options()))
        .filter(result -> result.figures().isPresent())
        .reduce(
            (one, other) ->
                other.figures().orElseThrow().betterThan(one.figures().orElseThrow()) ? other : one)
        .orElseThrow(
            () ->
                new RetrainException(
                    "No training of the sweep came to an end: %s"
                        .formatted(results.get(0).failure().orElseThrow())));
  }

  // Trained once more, as only figures are kept of the runs; it takes no longer than one of them.
  private TrainResult model(
      SweepRun winner,
      Path directory,
      TrainingData examples,
      Optional<Path> earlier,
      Progress progress,
      Stopwatch all)
      throws IOException {
    Stopwatch learning = Stopwatch.start();
    TrainingResult result = train(winner, examples, TrainingListener.NONE, progress);
    if (result.cancelled()) {
      throw new CancelledException(
          "Interrupted: all trainings are finished and kept; the same command makes the model of"
              + " the best.");
    }
    TrainOutputs results =
        new TrainOutputs(outputs.model(), outputs.finalTensorName(), directory, outputs.plotsDir());
    ObjectNode inForce = options.deepCopy();
    winner.options().forEach(inForce::put);
    return new TrainJob(
            source,
            split,
            winner.training(),
            testBatchSize,
            results,
            inForce,
            versions,
            winner.options(),
            false)
        .conclude(examples, result, earlier, learning, all, progress);
  }

  private static TrainingResult train(
      SweepRun run, TrainingData examples, TrainingListener listener, Progress progress) {
    return new HeadTrainer(run.training(), listener, progress)
        .train(
            examples.vectors().training(),
            examples.vectors().validation(),
            examples.labels().size());
  }

  /** The runs on their way to results. */
  private final class Training {
    private final TrainingData examples;
    private final SweepDirectory folder;
    private final RunRecord.Data data;
    private final Progress progress;
    private final AtomicBoolean failed = new AtomicBoolean();

    Training(TrainingData examples, SweepDirectory folder, RunRecord.Data data, Progress progress) {
      this.examples = examples;
      this.folder = folder;
      this.data = data;
      this.progress = progress;
    }

    List<RunResult> all() throws IOException {
      Map<SweepRun, RunResult> ended = new LinkedHashMap<>();
      List<SweepRun> left = new ArrayList<>();
      for (SweepRun run : runs) {
        Optional<RunRecord> earlier = folder.ended(run);
        earlier.ifPresentOrElse(
            found -> ended.put(run, RunResult.of(run, found, true)), () -> left.add(run));
      }
      progress.begin("Sweep", "iterations", left.stream().mapToLong(this::iterations).sum());
      try (WorkerPool workers = new WorkerPool()) {
        Map<SweepRun, PendingResult<Optional<RunRecord>>> futures = new LinkedHashMap<>();
        left.forEach(run -> futures.put(run, workers.submit(() -> train(run))));
        for (SweepRun run : left) {
          await(futures.get(run))
              .ifPresent(outcome -> ended.put(run, RunResult.of(run, outcome, false)));
        }
      } finally {
        progress.end();
      }
      if (ended.size() < runs.size()) {
        throw new CancelledException(
            "Interrupted: %d of %d trainings are finished and kept; the same command goes on."
                .formatted(ended.size(), runs.size()));
      }
      return runs.stream().map(ended::get).toList();
    }

    private long iterations(SweepRun run) {
      return run.training().sampling().iterations(examples.vectors().training().count());
    }

    /** Trains; empty where the user stopped it. */
    private Optional<RunRecord> train(SweepRun run) throws IOException {
      Share share = new Share(iterations(run));
      if (share.cancelled()) {
        return Optional.empty();
      }
      Stopwatch stopwatch = Stopwatch.start();
      folder.begin(run, data);
      RunRecord outcome;
      try (TensorBoardListener events =
          new TensorBoardListener(folder.path(run), Optional.empty(), run.options())) {
        try {
          TrainingResult result = SweepJob.train(run, examples, events, share);
          if (result.cancelled()) {
            return Optional.empty();
          }
          events.finish(Status.SUCCESS);
          outcome = RunRecord.finished(data, run, RunMetrics.of(result, stopwatch.seconds()));
        } catch (TrainingDivergedException e) {
          // A setting that does not work is a finding; the others go on.
          events.finish(Status.FAILURE);
          outcome = RunRecord.failed(data, run, e.getMessage());
        }
      }
      folder.end(run, outcome);
      share.finish();
      return Optional.of(outcome);
    }

    /** Waits for a run; where it failed, the others have no use any more. */
    private <T> T await(PendingResult<T> run) throws IOException {
      try {
        return run.result();
      } catch (IOException | RuntimeException | Error e) {
        failed.set(true);
        throw e;
      }
    }

    /** One run's part of the progress; ends the run where another has failed. */
    private final class Share implements Progress {
      private long left;

      Share(long iterations) {
        left = iterations;
      }

      @Override
      public void begin(String stage, String unit, long total) {}

      @Override
      public void advance(long count) {
        left -= count;
        progress.advance(count);
      }

      @Override
      public void end() {}

      @Override
      public boolean cancelled() {
        return failed.get() || progress.cancelled();
      }

      /** What was not needed is done, too. */
      void finish() {
        progress.advance(left);
      }
    }
  }
}
