package dev.retrain.job.sweep;

import dev.retrain.job.output.TrainResult;
import java.nio.file.Path;
import java.util.List;

/**
 * The result of a sweep.
 *
 * @param results every run, in the sweep's order
 * @param settings the settings, the best first
 * @param winner the best run of the best setting, the only one that is tested
 * @param model the winner's model and test
 * @param table the file with a line per run
 * @param trainSeconds duration of all runs together, which are trained in parallel
 */
public record SweepResult(
    List<RunResult> results,
    List<SettingSummary> settings,
    SweepRun winner,
    TrainResult model,
    Path table,
    double trainSeconds) {
  public SweepResult {
    results = List.copyOf(results);
    settings = List.copyOf(settings);
  }
}
