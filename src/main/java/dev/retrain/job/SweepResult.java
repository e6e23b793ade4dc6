package dev.retrain.job;

import java.util.Optional;

/**
 * What a run of a sweep came to.
 *
 * @param run the run
 * @param figures how it did; absent where its loss was no number any more
 * @param failure what went wrong then
 * @param reused whether an earlier sweep has made it
 */
public record SweepResult(
    SweepRun run, Optional<SweepFigures> figures, Optional<String> failure, boolean reused) {
  static SweepResult of(SweepRun run, SweepRecord sweepRecord, boolean reused) {
    return new SweepResult(
        run,
        Optional.ofNullable(sweepRecord.figures()),
        Optional.ofNullable(sweepRecord.failure()),
        reused);
  }
}
