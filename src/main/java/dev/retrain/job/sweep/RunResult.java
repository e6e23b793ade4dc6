package dev.retrain.job.sweep;

import java.util.Optional;

/**
 * What a run of a sweep came to.
 *
 * @param run the run
 * @param figures how it did; absent where its loss was no number any more
 * @param failure what went wrong then
 * @param reused whether an earlier sweep has made it
 */
public record RunResult(
    SweepRun run, Optional<RunMetrics> figures, Optional<String> failure, boolean reused) {
  static RunResult of(SweepRun run, RunRecord sweepRecord, boolean reused) {
    return new RunResult(
        run,
        Optional.ofNullable(sweepRecord.figures()),
        Optional.ofNullable(sweepRecord.failure()),
        reused);
  }
}
