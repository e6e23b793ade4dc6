package dev.retrain.job.sweep;

import dev.retrain.job.output.TrainResult;
import java.nio.file.Path;
import java.util.List;

/**
 * What a sweep gave.
 *
 * @param results every run, in the order of the sweep
 * @param settings the settings, the best first
 * @param winner the best run of the best setting; the only one that is tested
 * @param model its model and test
 * @param table the file with a line for each run
 * @param trainSeconds how long the runs took together, which were made at the same time
 */
public record SweepResult(
    List<RunResult> results,
    List<SettingSummary> settings,
    SweepRun winner,
    TrainResult model,
    Path table,
    double trainSeconds) {
  /** Copies the lists. */
  public SweepResult {
    results = List.copyOf(results);
    settings = List.copyOf(settings);
  }
}
