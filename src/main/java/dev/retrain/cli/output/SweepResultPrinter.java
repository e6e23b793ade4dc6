package dev.retrain.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.job.sweep.RunMetrics;
import dev.retrain.job.sweep.RunResult;
import dev.retrain.job.sweep.SettingSummary;
import dev.retrain.job.sweep.SweepResult;
import dev.retrain.util.Json;
import dev.retrain.util.text.Counted;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;

/** Prints the result of a sweep, without its model, which is printed as that of a training. */
public final class SweepResultPrinter {
  private final SweepResult report;
  private final List<RunMetrics> metrics;

  public SweepResultPrinter(SweepResult report) {
    this.report = report;
    metrics = report.results().stream().flatMap(result -> result.metrics().stream()).toList();
  }

  public ObjectNode json() {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("trainings", report.results().size());
    node.put("reused", reused());
    ArrayNode settings = node.putArray("settings");
    report.settings().forEach(setting -> settings.add(json(setting, measure())));
    ArrayNode runs = node.putArray("runs");
    report.results().forEach(result -> runs.add(json(result, measure())));
    node.put("winner", report.winner().name());
    IntSummaryStatistics plateau = plateauIterations();
    node.putObject("plateau_iteration")
        .put("gain", RunMetrics.PLATEAU_GAIN)
        .put("lowest", plateau.getMin())
        .put("median", medianPlateauIteration())
        .put("highest", plateau.getMax());
    node.putObject("best_validation_" + measure())
        .put("lowest", lowest())
        .put("highest", highest());
    node.put("table", report.table().toString());
    node.put("train_seconds", report.trainSeconds());
    return node;
  }

  private static ObjectNode json(SettingSummary setting, String measure) {
    ObjectNode node = Json.mapper().createObjectNode();
    node.set("options", options(setting.options()));
    node.put("runs", setting.runs());
    node.put("failed", setting.failed());
    if (setting.runs() > 0) {
      node.putObject("validation_" + measure)
          .put("mean", setting.mean())
          .put("stddev", setting.stddev())
          .put("lowest", setting.lowest())
          .put("highest", setting.highest());
      node.put("best_iteration", setting.bestIteration());
      node.put("plateau_iteration", setting.plateauIteration());
    }
    return node;
  }

  private static ObjectNode json(RunResult result, String measure) {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("name", result.run().name());
    node.set("options", options(result.run().options()));
    result
        .metrics()
        .ifPresent(
            found -> {
              ObjectNode metrics = Json.mapper().valueToTree(found);
              metrics
                  .properties()
                  .forEach(
                      entry ->
                          node.set(
                              entry.getKey().equals("validation_accuracy")
                                  ? "validation_" + measure
                                  : entry.getKey(),
                              entry.getValue()));
            });
    result.failure().ifPresent(failure -> node.put("failure", failure));
    return node.put("reused", result.reused());
  }

  private static ObjectNode options(Map<String, String> values) {
    ObjectNode node = Json.mapper().createObjectNode();
    values.forEach(node::put);
    return node;
  }

  /** {@code accuracy} or {@code mean_average_precision}. */
  private String measure() {
    return report.model().model().objective().metricName();
  }

  private long reused() {
    return report.results().stream().filter(RunResult::reused).count();
  }

  private IntSummaryStatistics plateauIterations() {
    return metrics.stream().mapToInt(RunMetrics::plateauIteration).summaryStatistics();
  }

  private int medianPlateauIteration() {
    return metrics.stream()
        .mapToInt(RunMetrics::plateauIteration)
        .sorted()
        .skip((metrics.size() - 1) / 2)
        .findFirst()
        .orElseThrow();
  }

  private double lowest() {
    return metrics.stream().mapToDouble(RunMetrics::validationAccuracy).min().orElseThrow();
  }

  private double highest() {
    return metrics.stream().mapToDouble(RunMetrics::validationAccuracy).max().orElseThrow();
  }

  public void print(Console console) {
    console.table(table());
    console.emptyLine();
    console.line(
        "%s (%,d reused from an earlier sweep) in %.1f s; %s has a row for each.",
        Counted.of(report.results().size(), "training"),
        reused(),
        report.trainSeconds(),
        report.table());
    console.line(
        "Plateau: after iteration %,d (median; range %,d to %,d), validation %s improves by"
            + " less than %.1f percentage points.",
        medianPlateauIteration(),
        plateauIterations().getMin(),
        plateauIterations().getMax(),
        measure().replace('_', ' '),
        100 * RunMetrics.PLATEAU_GAIN);
    console.line(
        "Best validation %s of each run: %s to %s.",
        measure().replace('_', ' '), Numbers.percent(lowest()), Numbers.percent(highest()));
    console.line("Best run, the only one that is tested: %s", report.winner().name());
    console.emptyLine();
  }

  private TextTable table() {
    TextTable table =
        new TextTable(SettingSummary.columns(report.settings()).toArray(String[]::new));
    report.settings().forEach(setting -> table.add(setting.row().toArray(String[]::new)));
    return table;
  }
}
