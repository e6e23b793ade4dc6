package dev.retrain.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.job.sweep.RunMetrics;
import dev.retrain.job.sweep.RunResult;
import dev.retrain.job.sweep.SettingSummary;
import dev.retrain.job.sweep.SweepResult;
import dev.retrain.util.Json;
import java.io.PrintWriter;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;

/** Shows what a sweep gave, as text or JSON; its model is shown as a training's is. */
public final class SweepResultPrinter {
  private final SweepResult report;
  private final List<RunMetrics> figures;

  public SweepResultPrinter(SweepResult report) {
    this.report = report;
    figures = report.results().stream().flatMap(result -> result.metrics().stream()).toList();
  }

  public ObjectNode json() {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("trainings", report.results().size());
    node.put("reused", reused());
    ArrayNode settings = node.putArray("settings");
    report.settings().forEach(setting -> settings.add(json(setting)));
    ArrayNode runs = node.putArray("runs");
    report.results().forEach(result -> runs.add(json(result)));
    node.put("winner", report.winner().name());
    IntSummaryStatistics flat = flatAfter();
    node.putObject("flat_after")
        .put("gain", RunMetrics.PLATEAU_GAIN)
        .put("lowest", flat.getMin())
        .put("median", medianFlatAfter())
        .put("highest", flat.getMax());
    node.putObject("best_validation_accuracy").put("lowest", lowest()).put("highest", highest());
    node.put("table", report.table().toString());
    node.put("train_seconds", report.trainSeconds());
    return node;
  }

  private static ObjectNode json(SettingSummary setting) {
    ObjectNode node = Json.mapper().createObjectNode();
    node.set("options", options(setting.options()));
    node.put("runs", setting.runs());
    node.put("failed", setting.failed());
    if (setting.runs() > 0) {
      node.putObject("validation_accuracy")
          .put("mean", setting.mean())
          .put("stddev", setting.stddev())
          .put("lowest", setting.lowest())
          .put("highest", setting.highest());
      node.put("best_iteration", setting.bestIteration());
      node.put("flat_after", setting.plateauIteration());
    }
    return node;
  }

  private static ObjectNode json(RunResult result) {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("name", result.run().name());
    node.set("options", options(result.run().options()));
    result.metrics().ifPresent(found -> node.setAll((ObjectNode) Json.mapper().valueToTree(found)));
    result.failure().ifPresent(failure -> node.put("failure", failure));
    return node.put("reused", result.reused());
  }

  private static ObjectNode options(Map<String, String> values) {
    ObjectNode node = Json.mapper().createObjectNode();
    values.forEach(node::put);
    return node;
  }

  private long reused() {
    return report.results().stream().filter(RunResult::reused).count();
  }

  private IntSummaryStatistics flatAfter() {
    return figures.stream().mapToInt(RunMetrics::plateauIteration).summaryStatistics();
  }

  private int medianFlatAfter() {
    return figures.stream()
        .mapToInt(RunMetrics::plateauIteration)
        .sorted()
        .skip((figures.size() - 1) / 2)
        .findFirst()
        .orElseThrow();
  }

  private double lowest() {
    return figures.stream().mapToDouble(RunMetrics::validationAccuracy).min().orElseThrow();
  }

  private double highest() {
    return figures.stream().mapToDouble(RunMetrics::validationAccuracy).max().orElseThrow();
  }

  public void print(PrintWriter out) {
    table().print(out);
    out.println();
    RetrainCommand.line(
        out,
        "%,d trainings (%,d of them earlier) in %.1f seconds; each is a line of %s.",
        report.results().size(),
        reused(),
        report.trainSeconds(),
        report.table());
    RetrainCommand.line(
        out,
        "Curves flatten: after iteration %,d (median; %,d to %,d) validation gains less than %.1f"
            + " points in all.",
        medianFlatAfter(),
        flatAfter().getMin(),
        flatAfter().getMax(),
        100 * RunMetrics.PLATEAU_GAIN);
    RetrainCommand.line(
        out,
        "Limit: the best validation accuracy of every run lies between %.1f and %.1f %%.",
        100 * lowest(),
        100 * highest());
    RetrainCommand.line(out, "Winner, and the only one tested: %s", report.winner().name());
    out.println();
  }

  private TextTable table() {
    TextTable table =
        new TextTable(SettingSummary.columns(report.settings()).toArray(String[]::new));
    report.settings().forEach(setting -> table.add(setting.row().toArray(String[]::new)));
    return table;
  }
}
