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
 * The runs of a sweep that differ in their seeds alone. Accuracies are the best of each run on the
 * validation images, 0 to 1; those of no run are NaN.
 *
 * @param options the options that differ between settings, by their names
 * @param runs how many runs gave a figure
 * @param failed how many did not
 * @param mean mean accuracy
 * @param stddev standard deviation over the seeds, with Bessel's correction; 0 for one run
 * @param lowest lowest accuracy
 * @param highest highest accuracy
 * @param bestIteration mean iteration of the best evaluation
 * @param flatAfter mean iteration from which on little is gained
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
    double flatAfter) {
  /** The settings of these runs, the one with the highest mean first, those that failed last. */
  public static List<SettingSummary> summarize(List<RunResult> results) {
    Map<Map<String, String>, List<Optional<RunMetrics>>> groups = new LinkedHashMap<>();
    results.forEach(
        result ->
            groups
                .computeIfAbsent(result.run().setting(), key -> new ArrayList<>())
                .add(result.figures()));
    return summarize(groups);
  }

  /**
   * The same.
   *
   * @param groups how the runs of each setting did; nothing where one came apart
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
    List<RunMetrics> figures = results.stream().flatMap(Optional::stream).toList();
    int runs = figures.size();
    DoubleSummaryStatistics accuracies =
        figures.stream().mapToDouble(RunMetrics::validationAccuracy).summaryStatistics();
    double mean = runs == 0 ? Double.NaN : accuracies.getAverage();
    double squares =
        figures.stream()
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
        mean(figures.stream().mapToDouble(RunMetrics::bestIteration)),
        mean(figures.stream().mapToDouble(RunMetrics::flatAfter)));
  }

  /** The heads of a table of settings. */
  public static List<String> heads(List<SettingSummary> settings) {
    List<String> heads = new ArrayList<>(settings.get(0).options().keySet());
    if (heads.isEmpty()) {
      heads.add("setting");
    }
    heads.addAll(
        List.of("seeds", "validation", "deviation", "lowest", "highest", "best at", "flat after"));
    return heads;
  }

  /** This setting's row of it. */
  public List<String> row() {
    List<String> row = new ArrayList<>(options.values());
    if (row.isEmpty()) {
      row.add("the only one");
    }
    if (runs == 0) {
      row.addAll(List.of("0", "came apart", "", "", "", "", ""));
    } else {
      row.add(failed == 0 ? text("%d", runs) : text("%d of %d", runs, runs + failed));
      row.add(text("%.2f %%", 100 * mean));
      row.add(text("%.2f", 100 * stddev));
      row.add(text("%.2f %%", 100 * lowest));
      row.add(text("%.2f %%", 100 * highest));
      row.add(text("%,.0f", bestIteration));
      row.add(text("%,.0f", flatAfter));
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
