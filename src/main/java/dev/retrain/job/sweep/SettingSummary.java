package dev.retrain.job.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * The runs of a sweep that differ only in their seeds. Accuracies are the best validation
 * accuracies of the runs, 0 to 1; NaN if all runs failed.
 *
 * @param options the options that differ between settings, by their names
 * @param runs number of successful runs
 * @param failed number of failed runs
 * @param mean mean accuracy
 * @param stddev sample standard deviation (n - 1) of the accuracy; 0 for one run
 * @param lowest lowest accuracy
 * @param highest highest accuracy
 * @param bestIteration mean iteration of the best evaluation
 * @param plateauIteration mean iteration after which the accuracy hardly rises
 */
public record SettingSummary(
    Map<String, String> options,
    int runs,
    int failed,
    double mean,
    double stddev,
    double lowest,
    double highest,
    double bestIteration,
    double plateauIteration) {
  /** Summarizes runs by setting, the highest mean first, settings with failed runs last. */
  public static List<SettingSummary> summarize(List<RunResult> results) {
    Map<Map<String, String>, List<Optional<RunMetrics>>> groups = new LinkedHashMap<>();
    results.forEach(
        result ->
            groups
                .computeIfAbsent(result.run().setting(), key -> new ArrayList<>())
                .add(result.metrics()));
    return summarize(groups);
  }

  /**
   * Summarizes settings, the highest mean first, settings with failed runs last.
   *
   * @param groups the metrics of each setting's runs; empty for a failed run
   */
  public static List<SettingSummary> summarize(
      Map<Map<String, String>, List<Optional<RunMetrics>>> groups) {
    return groups.entrySet().stream()
        .map(group -> summarize(group.getKey(), group.getValue()))
        .sorted(
            Comparator.comparingInt(SettingSummary::failed)
                .thenComparing(Comparator.comparingDouble(SettingSummary::rank).reversed()))
        .toList();
  }

  private double rank() {
    return runs == 0 ? -1 : mean;
  }

  private static SettingSummary summarize(
      Map<String, String> options, List<Optional<RunMetrics>> results) {
    List<RunMetrics> metrics = results.stream().flatMap(Optional::stream).toList();
    int runs = metrics.size();
    DoubleSummaryStatistics accuracies =
        metrics.stream().mapToDouble(RunMetrics::validationAccuracy).summaryStatistics();
    double mean = runs == 0 ? Double.NaN : accuracies.getAverage();
    double squares =
        metrics.stream()
            .mapToDouble(RunMetrics::validationAccuracy)
            .map(accuracy -> (accuracy - mean) * (accuracy - mean))
            .sum();
    return new SettingSummary(
        options,
        runs,
        results.size() - runs,
        mean,
        runs > 1 ? Math.sqrt(squares / (runs - 1)) : 0,
        runs == 0 ? Double.NaN : accuracies.getMin(),
        runs == 0 ? Double.NaN : accuracies.getMax(),
        mean(metrics.stream().mapToDouble(RunMetrics::bestIteration)),
        mean(metrics.stream().mapToDouble(RunMetrics::plateauIteration)));
  }

  /** The column names of a table of settings. */
  public static List<String> columns(List<SettingSummary> settings) {
    List<String> columns = new ArrayList<>(settings.get(0).options().keySet());
    if (columns.isEmpty()) {
      columns.add("setting");
    }
    columns.addAll(
        List.of(
            "seeds", "validation", "std dev", "lowest", "highest", "best iteration", "plateau"));
    return columns;
  }

  /** This setting's row in such a table. */
  public List<String> row() {
    List<String> row = new ArrayList<>(options.values());
    if (row.isEmpty()) {
      row.add("default");
    }
    if (runs == 0) {
      row.addAll(List.of("0", "failed", "", "", "", "", ""));
    } else {
      row.add(failed == 0 ? text("%d", runs) : text("%d of %d", runs, runs + failed));
      row.add(text("%.2f%%", 100 * mean));
      row.add(text("%.2f", 100 * stddev));
      row.add(text("%.2f%%", 100 * lowest));
      row.add(text("%.2f%%", 100 * highest));
      row.add(text("%,.0f", bestIteration));
      row.add(text("%,.0f", plateauIteration));
    }
    return row;
  }

  private static String text(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  private static double mean(DoubleStream values) {
    return values.average().orElse(Double.NaN);
  }
}
