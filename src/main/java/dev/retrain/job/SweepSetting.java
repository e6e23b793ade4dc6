package dev.retrain.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * The runs of a sweep that differ in their seeds alone. Accuracies are the best of each run on the
 * validation pictures, 0 to 1; those of no run are NaN.
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
public record SweepSetting(
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
  static List<SweepSetting> of(List<SweepResult> results) {
    Map<Map<String, String>, List<SweepResult>> groups = new LinkedHashMap<>();
    results.forEach(
        result ->
            groups.computeIfAbsent(result.run().setting(), key -> new ArrayList<>()).add(result));
    return groups.entrySet().stream()
        .map(group -> of(group.getKey(), group.getValue()))
        .sorted(
            Comparator.comparingInt(SweepSetting::failed)
                .thenComparing(Comparator.comparingDouble(SweepSetting::rank).reversed()))
        .toList();
  }

  private double rank() {
    return runs == 0 ? -1 : mean;
  }

  private static SweepSetting of(Map<String, String> options, List<SweepResult> results) {
    List<SweepFigures> figures =
        results.stream().flatMap(result -> result.figures().stream()).toList();
    int runs = figures.size();
    DoubleSummaryStatistics accuracies =
        figures.stream().mapToDouble(SweepFigures::validationAccuracy).summaryStatistics();
    double mean = runs == 0 ? Double.NaN : accuracies.getAverage();
    double squares =
        figures.stream()
            .mapToDouble(SweepFigures::validationAccuracy)
            .map(accuracy -> (accuracy - mean) * (accuracy - mean))
            .sum();
    return new SweepSetting(
        options,
        runs,
        results.size() - runs,
        mean,
        runs > 1 ? Math.sqrt(squares / (runs - 1)) : 0,
        runs == 0 ? Double.NaN : accuracies.getMin(),
        runs == 0 ? Double.NaN : accuracies.getMax(),
        mean(figures.stream().mapToDouble(SweepFigures::bestIteration)),
        mean(figures.stream().mapToDouble(SweepFigures::flatAfter)));
  }

  private static double mean(DoubleStream values) {
    return values.average().orElse(Double.NaN);
  }
}
