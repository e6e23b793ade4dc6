package dev.retrain.job.sweep;

import dev.retrain.job.data.TrainingData;
import dev.retrain.job.output.TensorBoardListener;
import dev.retrain.tensorboard.HParams.Status;
import dev.retrain.training.TrainingDivergedException;
import dev.retrain.training.TrainingListener;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.head.HeadTrainer;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.Stopwatch;
import dev.retrain.util.concurrent.PendingResult;
import dev.retrain.util.concurrent.WorkerPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Trains a sweep's runs, as many at once as there are cores. */
final class SweepTrainer {
  private final TrainingData data;
  private final RunRecord.Data identity;
  private final SweepDirectory directory;
  private final Progress progress;
  private final AtomicBoolean failed = new AtomicBoolean();

  /**
   * @param data the vectors
   * @param identity the data and software, for the records of the runs
   * @param directory the log directory
   * @param progress receives the progress, and can cancel the work
   */
  SweepTrainer(
      TrainingData data, RunRecord.Data identity, SweepDirectory directory, Progress progress) {
    this.data = data;
    this.identity = identity;
    this.directory = directory;
    this.progress = progress;
  }

  /**
   * Trains all runs that have not ended in an earlier sweep.
   *
   * @return the results of all runs, in their order
   * @throws CancelledException if the user cancels
   */
  List<RunResult> trainAll(List<SweepRun> runs) throws IOException {
    Map<SweepRun, RunResult> ended = new LinkedHashMap<>();
    List<SweepRun> remaining = new ArrayList<>();
    for (SweepRun run : runs) {
      Optional<RunRecord> earlier = directory.ended(run);
      earlier.ifPresentOrElse(
          found -> ended.put(run, RunResult.from(run, found, true)), () -> remaining.add(run));
    }
    progress.begin("Sweep", "iterations", remaining.stream().mapToLong(this::iterations).sum());
    try (WorkerPool workers = new WorkerPool()) {
      Map<SweepRun, PendingResult<Optional<RunRecord>>> pending = new LinkedHashMap<>();
      remaining.forEach(run -> pending.put(run, workers.submit(() -> train(run))));
      for (SweepRun run : remaining) {
        await(pending.get(run))
            .ifPresent(outcome -> ended.put(run, RunResult.from(run, outcome, false)));
      }
    } finally {
      progress.end();
    }
    if (ended.size() < runs.size()) {
      throw new CancelledException(
          String.format(
              Locale.ROOT,
              "Interrupted: %d of %d trainings are finished and kept; run the same command to resume.",
              ended.size(),
              runs.size()));
    }
    return runs.stream().map(ended::get).toList();
  }

  private long iterations(SweepRun run) {
    return run.training().sampling().iterations(data.vectors().training().count());
  }

  /** Trains one run; empty if it was cancelled. */
  private Optional<RunRecord> train(SweepRun run) throws IOException {
    RunProgress share = new RunProgress(iterations(run));
    if (share.cancelled()) {
      return Optional.empty();
    }
    Stopwatch stopwatch = Stopwatch.start();
    directory.start(run, identity);
    RunRecord outcome;
    try (TensorBoardListener events =
        new TensorBoardListener(directory.path(run), Optional.empty(), run.options())) {
      try {
        TrainingResult result = train(run, data, events, share);
        if (result.cancelled()) {
          return Optional.empty();
        }
        events.finish(Status.SUCCESS);
        RunMetrics metrics = RunMetrics.from(result, stopwatch.seconds());
        outcome = RunRecord.finished(identity, run, metrics);
      } catch (TrainingDivergedException e) {
        // Not an error of the sweep: the setting is reported as failed.
        events.finish(Status.FAILURE);
        outcome = RunRecord.failed(identity, run, e.getMessage());
      }
    }
    directory.write(run, outcome);
    share.finish();
    return Optional.of(outcome);
  }

  static TrainingResult train(
      SweepRun run, TrainingData data, TrainingListener listener, Progress progress) {
    return new HeadTrainer(run.training(), listener, progress)
        .train(data.vectors().training(), data.vectors().validation(), data.targets());
  }

  /** Waits for a run; if it fails, cancels the others. */
  private <T> T await(PendingResult<T> run) throws IOException {
    try {
      return run.result();
    } catch (IOException | RuntimeException | Error e) {
      failed.set(true);
      throw e;
    }
  }

  /** One run's part of the progress. Cancels the run if another one failed. */
  private final class RunProgress implements Progress {
    private long remaining;

    RunProgress(long iterations) {
      remaining = iterations;
    }

    @Override
    public void begin(String stage, String unit, long total) {}

    @Override
    public void advance(long count) {
      remaining -= count;
      progress.advance(count);
    }

    @Override
    public void end() {}

    @Override
    public boolean cancelled() {
      return failed.get() || progress.cancelled();
    }

    /** Counts iterations that early stopping made unnecessary. */
    void finish() {
      progress.advance(remaining);
    }
  }
}
