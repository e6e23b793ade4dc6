package dev.retrain.cli.output.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.output.Console;
import dev.retrain.cli.output.Numbers;
import dev.retrain.cli.output.TextTable;
import dev.retrain.evaluation.Metrics;
import dev.retrain.evaluation.Metrics.ClassMetrics;
import dev.retrain.evaluation.Metrics.Means;
import dev.retrain.evaluation.Predictions;
import dev.retrain.job.evaluate.EvaluateResult;
import dev.retrain.job.evaluate.EvaluationScope;
import dev.retrain.util.Json;
import dev.retrain.util.text.Counted;
import java.util.List;

/** Prints the evaluation of a model that gives an image exactly one label. */
final class SingleLabelPrinter implements ResultPrinter {
  private final EvaluateResult report;
  private final int mistakes;

  /**
   * @param mistakes how many of the most confident mistakes to print
   */
  SingleLabelPrinter(EvaluateResult report, int mistakes) {
    this.report = report;
    this.mistakes = mistakes;
  }

  @Override
  public ObjectNode json() {
    Metrics metrics = report.metrics();
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("count", metrics.count());
    node.put("accuracy", metrics.accuracy());
    node.set("accuracy_interval", Json.mapper().valueToTree(metrics.accuracyInterval()));
    node.put("top5_accuracy", metrics.top5Accuracy());
    node.put("loss", metrics.loss());
    node.set("macro", Json.mapper().valueToTree(metrics.macro()));
    node.set("weighted", Json.mapper().valueToTree(metrics.weighted()));
    node.set("classes", Json.mapper().valueToTree(metrics.classes()));
    node.set("confusion", Json.mapper().valueToTree(metrics.confusion().rows()));
    node.set("calibration", Json.mapper().valueToTree(metrics.calibration()));
    node.set("mistakes", mistakes());
    ScopeJson.add(node, report);
    return node;
  }

  private List<Integer> mostConfident() {
    return report.predictions().mostConfidentMistakes().stream().limit(mistakes).toList();
  }

  private ArrayNode mistakes() {
    Predictions predictions = report.predictions();
    ArrayNode list = Json.mapper().createArrayNode();
    for (int index : mostConfident()) {
      list.addObject()
          .put("path", report.files().get(index).toString())
          .put("label", label(predictions.actual(index)))
          .put("predicted", label(predictions.predicted(index)))
          .put("probability", predictions.confidence(index));
    }
    return list;
  }

  private String label(int index) {
    return report.predictions().labels().get(index);
  }

  @Override
  public void print(Console console) {
    Metrics metrics = report.metrics();
    EvaluationScope data = report.data();
    console.line(
        "%s accuracy (95%% confidence interval %s to %s) on %s of %s",
        Numbers.percent(metrics.accuracy()),
        Numbers.percent(metrics.accuracyInterval().low()),
        Numbers.percent(metrics.accuracyInterval().high()),
        Counted.of(
            metrics.count(), data.partition().map(part -> part.word() + " image").orElse("image")),
        data.directory());
    console.line(
        "Top-5 accuracy: %s. Loss: %.3f nats. Expected calibration error (ECE): %s.",
        Numbers.percent(metrics.top5Accuracy()),
        metrics.loss(),
        Numbers.percent(metrics.calibration().expectedError()));
    data.notices().forEach(notice -> console.line("Note: %s", notice));
    console.emptyLine();
    console.table(classTable(metrics));
    console.emptyLine();
    new ConfusionPrinter(metrics.confusion()).print(console);
    printMistakes(console);
  }

  private static TextTable classTable(Metrics metrics) {
    TextTable table = new TextTable("Class", "precision", "recall", "F1", "images");
    for (ClassMetrics one : metrics.classes()) {
      table.add(
          one.label(),
          Numbers.percent(one.precision()),
          Numbers.percent(one.recall()),
          Numbers.percent(one.f1()),
          Numbers.count(one.support()));
    }
    addMeans(table, "macro average", metrics.macro(), metrics);
    addMeans(table, "weighted average", metrics.weighted(), metrics);
    return table;
  }

  private static void addMeans(TextTable table, String name, Means means, Metrics metrics) {
    table.add(
        name,
        Numbers.percent(means.precision()),
        Numbers.percent(means.recall()),
        Numbers.percent(means.f1()),
        Numbers.count(metrics.count()));
  }

  private void printMistakes(Console console) {
    Predictions predictions = report.predictions();
    List<Integer> listed = mostConfident();
    if (listed.isEmpty()) {
      return;
    }
    console.emptyLine();
    console.line(
        "Most confident mistakes, %,d of %,d:",
        listed.size(), predictions.mostConfidentMistakes().size());
    for (int index : listed) {
      console.line(
          "  %s: %s, predicted as %s (%s)",
          report.files().get(index),
          label(predictions.actual(index)),
          label(predictions.predicted(index)),
          Numbers.percent(predictions.confidence(index)));
    }
  }
}
