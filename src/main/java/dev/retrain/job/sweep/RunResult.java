package dev.retrain.job.sweep;

import java.util.Optional;

/**
 * The result of a sweep's run.
 *
 * @param run the run
 * @param metrics its metrics; absent if it failed
 * @param failure why it failed, if it did
 * @param reused whether it is the result of an earlier sweep
 */
public record RunResult(
    SweepRun run, Optional<RunMetrics> metrics, Optional<String> failure, boolean reused) {
  static RunResult from(SweepRun run, RunRecord outcome, boolean reused) {
    return new RunResult(
        run,
        Optional.ofNullable(outcome.metrics()),
        Optional.ofNullable(outcome.failure()),
        reused);
  }
}
