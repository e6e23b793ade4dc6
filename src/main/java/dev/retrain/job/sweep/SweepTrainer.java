package dev.retrain.job.sweep;

import dev.retrain.job.finetune.FineTuneOutcome;
import dev.retrain.job.output.TensorBoardListener;
import dev.retrain.tensorboard.HParams.Status;
import dev.retrain.training.TrainingDivergedException;
import dev.retrain.training.TrainingResult;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a sweep's runs: heads as many at once as there are cores; then networks one after the
 * other, because fine-tuning uses all cores.
 */
final class SweepTrainer {
  private static final Logger LOG = LoggerFactory.getLogger(SweepTrainer.class);

  private final SweepInputs inputs;
  private final Map<SweepRun, RunRecord> records;
  private final SweepDirectory directory;
  private final Progress progress;
  private final AtomicBoolean failed = new AtomicBoolean();

  /**
   * @param inputs what the runs are trained on
   * @param records the records of the runs as they begin
   * @param directory the log directory
   * @param progress receives the progress, and can cancel the work
   */
  SweepTrainer(
      SweepInputs inputs,
      Map<SweepRun, RunRecord> records,
      SweepDirectory directory,
      Progress progress) {
    this.inputs = inputs;
    this.records = records;
    this.directory = directory;
    this.progress = progress;
  }

  /**
   * Trains all runs that have not ended in an earlier sweep.
   *
   * @return the results of all runs, in their order
   * @throws CancelledException if the user cancels
   */
  List<RunResult> trainAll() throws IOException {
    Map<SweepRun, RunResult> ended = new LinkedHashMap<>();
    List<SweepRun> heads = new ArrayList<>();
    List<SweepRun> networks = new ArrayList<>();
    for (Map.Entry<SweepRun, RunRecord> entry : records.entrySet()) {
      SweepRun run = entry.getKey();
      directory
          .ended(run, entry.getValue())
          .ifPresentOrElse(
              found -> ended.put(run, RunResult.from(run, found, true)),
              () -> (run.fineTuning().isPresent() ? networks : heads).add(run));
    }
    if (networks.isEmpty() || !heads.isEmpty()) {
      trainHeads(heads, ended);
    }
    for (SweepRun run : networks) {
      if (!progress.cancelled()) {
        LOG.info("Training {} of {}: {}", ended.size() + 1, records.size(), run.name());
        train(run, progress)
            .ifPresent(outcome -> ended.put(run, RunResult.from(run, outcome, false)));
      }
    }
    if (ended.size() < records.size()) {
      throw new CancelledException(
          String.format(
              Locale.ROOT,
              "Interrupted: %d of %d trainings are finished and kept; run the same command to resume.",
              ended.size(),
              records.size()));
    }
    return records.keySet().stream().map(ended::get).toList();
  }

  private void trainHeads(List<SweepRun> runs, Map<SweepRun, RunResult> ended) throws IOException {
    progress.begin("Sweep", "iterations", runs.stream().mapToLong(this::iterations).sum());
    try (WorkerPool workers = new WorkerPool()) {
      Map<SweepRun, PendingResult<Optional<RunRecord>>> pending = new LinkedHashMap<>();
      runs.forEach(run -> pending.put(run, workers.submit(() -> trainShare(run))));
      for (SweepRun run : runs) {
        await(pending.get(run))
            .ifPresent(outcome -> ended.put(run, RunResult.from(run, outcome, false)));
      }
    } finally {
      progress.end();
    }
  }

  private long iterations(SweepRun run) {
    return run.training().sampling().iterations(inputs.of(run).data().vectors().training().count());
  }

  private Optional<RunRecord> trainShare(SweepRun run) throws IOException {
    RunProgress share = new RunProgress(iterations(run));
    Optional<RunRecord> outcome = share.cancelled() ? Optional.empty() : train(run, share);
    if (outcome.isPresent()) {
      share.finish();
    }
    return outcome;
  }

  /** Trains one run; empty if it was cancelled. */
  private Optional<RunRecord> train(SweepRun run, Progress share) throws IOException {
    Stopwatch stopwatch = Stopwatch.start();
    RunRecord record = records.get(run);
    directory.start(run, record);
    RunRecord outcome;
    try (TensorBoardListener events =
        new TensorBoardListener(directory.path(run), Optional.empty(), run.options())) {
      try {
        Optional<TrainingResult> result = result(run, events, share);
        if (result.isEmpty()) {
          return Optional.empty();
        }
        events.finish(Status.SUCCESS);
        outcome = record.finished(RunMetrics.from(result.get(), stopwatch.seconds()));
      } catch (TrainingDivergedException e) {
        // Not an error of the sweep: the setting is reported as failed.
        events.finish(Status.FAILURE);
        outcome = record.failed(e.getMessage());
      }
    }
    directory.finish(run, outcome);
    return Optional.of(outcome);
  }

  /** Empty if the user cancels. */
  private Optional<TrainingResult> result(SweepRun run, TensorBoardListener events, Progress share)
      throws IOException {
    try {
      FineTuneOutcome outcome = trainer(run).train(Optional.of(events), share);
      outcome.network().ifPresent(network -> network.data().close());
      return Optional.of(outcome.result()).filter(result -> !result.cancelled());
    } catch (CancelledException e) {
      LOG.debug("Cancelled before the first update of the network", e);
      return Optional.empty();
    }
  }

  /** Trains a run, also one that has ended. */
  RunTrainer trainer(SweepRun run) {
    return new RunTrainer(run, inputs.of(run), directory.checkpoint(run));
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
