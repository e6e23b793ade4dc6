package dev.retrain.report;

import dev.retrain.job.sweep.RunMetrics;
import dev.retrain.job.sweep.RunRecord;
import dev.retrain.job.sweep.SettingSummary;
import dev.retrain.job.sweep.SweepDirectory;
import dev.retrain.model.ModelMetadata;
import dev.retrain.report.ReportData.HeatMap;
import dev.retrain.report.ReportData.Sweep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The settings that a sweep tried on what a model was trained on, as far as the runs are still
 * where its description says.
 *
 * @param settings the settings, the best first, at least one
 * @param trainings how many runs there are
 */
record SweepSection(List<SettingSummary> settings, int trainings) {
  private static final String SEED = "seed";

  /**
   * Looks for them.
   *
   * @param model the model
   * @return them, where there are at least two runs
   * @throws IOException where a run's file can't be read
   */
  static Optional<SweepSection> load(ModelMetadata model) throws IOException {
    // Models of earlier versions have the directory among the options only.
    String directory =
        model.training() == null
            ? model.options().path("summaries_dir").asText()
            : model.training().logDirectory();
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    List<RunRecord> runs =
        SweepDirectory.ended(Path.of(directory)).stream()
            .filter(run -> run.data().fingerprint().equals(model.data().fingerprint()))
            .toList();
    if (runs.size() < 2) {
      return Optional.empty();
    }
    List<String> varied = varied(runs);
    Map<Map<String, String>, List<Optional<RunMetrics>>> groups = new LinkedHashMap<>();
    for (RunRecord run : runs) {
      Map<String, String> setting = new LinkedHashMap<>();
      varied.forEach(name -> setting.put(name, run.options().getOrDefault(name, "")));
      groups
          .computeIfAbsent(setting, key -> new ArrayList<>())
          .add(Optional.ofNullable(run.metrics()));
    }
    return Optional.of(new SweepSection(SettingSummary.summarize(groups), runs.size()));
  }

  /** The options of which there are several values, the seed apart. */
  private static List<String> varied(List<RunRecord> runs) {
    Map<String, Set<String>> values = new LinkedHashMap<>();
    for (RunRecord run : runs) {
      run.options().keySet().forEach(name -> values.putIfAbsent(name, new LinkedHashSet<>()));
    }
    values.forEach(
        (name, found) -> runs.forEach(run -> found.add(run.options().getOrDefault(name, ""))));
    return values.keySet().stream()
        .filter(name -> !name.equals(SEED) && values.get(name).size() > 1)
        .toList();
  }

  /** For a report. */
  Sweep sweep() {
    return new Sweep(
        summary(),
        SettingSummary.columns(settings),
        settings.stream().map(SettingSummary::row).toList(),
        map());
  }

  private String summary() {
    SettingSummary best = settings.get(0);
    String named =
        best.options().entrySet().stream()
            .map(option -> option.getKey() + " " + option.getValue())
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%,d trainings of %,d settings. On the validation images, %s came first%s.",
        trainings,
        settings.size(),
        named.isEmpty() ? "the only one" : named,
        best.runs() == 0
            ? ""
            : String.format(
                Locale.ROOT, ": %.2f %%, the mean of %,d seeds", 100 * best.mean(), best.runs()));
  }

  /** Of the first two options that vary; where more do, means over those. */
  private Optional<HeatMap> map() {
    List<String> varied = List.copyOf(settings.get(0).options().keySet());
    if (varied.size() < 2) {
      return Optional.empty();
    }
    List<String> rows = values(varied.get(0));
    List<String> columns = values(varied.get(1));
    return Optional.of(
        new HeatMap(
            varied.get(0),
            rows,
            varied.get(1),
            columns,
            rows.stream()
                .map(
                    row ->
                        columns.stream()
                            .map(column -> mean(varied.get(0), row, varied.get(1), column))
                            .toList())
                .toList()));
  }

  private List<String> values(String option) {
    return settings.stream()
        .map(setting -> setting.options().get(option))
        .distinct()
        .sorted(Comparator.comparingDouble(SweepSection::number).thenComparing(String::compareTo))
        .toList();
  }

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
