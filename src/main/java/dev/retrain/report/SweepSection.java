package dev.retrain.report;

import static dev.retrain.report.view.NumberText.format;

import dev.retrain.job.sweep.RunMetrics;
import dev.retrain.job.sweep.RunRecord;
import dev.retrain.job.sweep.SettingSummary;
import dev.retrain.job.sweep.SweepDirectory;
import dev.retrain.model.ModelMetadata;
import dev.retrain.report.data.HeatMap;
import dev.retrain.report.data.HeatMap.Axis;
import dev.retrain.report.data.SweepTable;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The settings of the hyperparameter sweep that a model comes from, if the records of its runs are
 * still in the directory that the model's description names.
 *
 * @param settings the settings, the best first, at least one
 * @param runs number of runs
 * @param measure what the validation images measure: accuracy or mean average precision
 */
record SweepSection(List<SettingSummary> settings, int runs, String measure) {
  /**
   * Reads the records of the finished runs on the model's data.
   *
   * @param model the model's description
   * @return the settings, if there are at least two runs
   * @throws IOException if a record can't be read
   */
  static Optional<SweepSection> load(ModelMetadata model) throws IOException {
    Optional<Path> directory = new RecordedOptions(model).summariesDirectory();
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    List<RunRecord> runs =
        SweepDirectory.ended(directory.get()).stream()
            .filter(run -> run.data().fingerprint().equals(model.data().fingerprint()))
            .toList();
    if (runs.size() < 2) {
      return Optional.empty();
    }
    List<String> varied = varied(runs);
    Map<Map<String, String>, List<Optional<RunMetrics>>> groups = new LinkedHashMap<>();
    for (RunRecord run : runs) {
      Map<String, String> setting = new LinkedHashMap<>();
      varied.forEach(option -> setting.put(option, value(run, option)));
      groups
          .computeIfAbsent(setting, key -> new ArrayList<>())
          .add(Optional.ofNullable(run.metrics()));
    }
    return Optional.of(
        new SweepSection(
            SettingSummary.summarize(groups),
            runs.size(),
            model.objective().metricName().replace('_', ' ')));
  }

  /** The options that have several values, except the seed. */
  private static List<String> varied(List<RunRecord> runs) {
    Set<String> options = new LinkedHashSet<>();
    runs.forEach(run -> options.addAll(run.options().keySet()));
    return options.stream()
        .filter(option -> !RecordedOptions.isSeed(option))
        .filter(option -> runs.stream().map(run -> value(run, option)).distinct().count() > 1)
        .toList();
  }

  private static String value(RunRecord run, String option) {
    return run.options().getOrDefault(option, "");
  }

  SweepTable table() {
    return new SweepTable(
        summary(),
        SettingSummary.columns(settings),
        settings.stream().map(SettingSummary::row).toList(),
        heatMap());
  }

  private String summary() {
    SettingSummary best = settings.get(0);
    String count =
        format("%s of %s.", Counted.of(runs, "run"), Counted.of(settings.size(), "setting"));
    if (best.runs() == 0) {
      return count;
    }
    String options =
        best.options().entrySet().stream()
            .map(option -> option.getKey() + " " + option.getValue())
            .collect(Collectors.joining(", "));
    return format(
        "%s The best validation %s is %.2f%% (mean of %s)%s.",
        count,
        measure,
        100 * best.mean(),
        Counted.of(best.runs(), "seed"),
        options.isEmpty() ? "" : ", with " + options);
  }

  /** The first two options that vary; accuracies are means over any others. */
  private Optional<HeatMap> heatMap() {
    List<String> varied = List.copyOf(settings.get(0).options().keySet());
    if (varied.size() < 2) {
      return Optional.empty();
    }
    Axis rows = axis(varied.get(0));
    Axis columns = axis(varied.get(1));
    return Optional.of(
        new HeatMap(
            rows,
            columns,
            rows.values().stream()
                .map(
                    row ->
                        columns.values().stream()
                            .map(column -> mean(rows.name(), row, columns.name(), column))
                            .toList())
                .toList()));
  }

  private Axis axis(String option) {
    return new Axis(
        option,
        settings.stream()
            .map(setting -> setting.options().get(option))
            .distinct()
            .sorted(
                Comparator.comparingDouble(SweepSection::number).thenComparing(String::compareTo))
            .toList());
  }

  /** Infinity for a text that is not a number, so that texts follow the numbers. */
  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.POSITIVE_INFINITY;
    }
  }

  private double mean(String rowName, String row, String columnName, String column) {
    return settings.stream()
        .filter(setting -> setting.options().get(rowName).equals(row))
        .filter(setting -> setting.options().get(columnName).equals(column))
        .filter(setting -> setting.runs() > 0)
        .mapToDouble(SettingSummary::mean)
        .average()
        .orElse(Double.NaN);
  }
}
