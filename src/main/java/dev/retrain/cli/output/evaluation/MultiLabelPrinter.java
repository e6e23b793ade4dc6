package dev.retrain.cli.output.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.output.Console;
import dev.retrain.cli.output.Numbers;
import dev.retrain.cli.output.TextTable;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.evaluation.multilabel.MultiLabelMetrics;
import dev.retrain.evaluation.multilabel.MultiLabelMetrics.ClassMetrics;
import dev.retrain.evaluation.multilabel.MultiLabelMetrics.Scores;
import dev.retrain.evaluation.multilabel.MultiLabelPredictions;
import dev.retrain.evaluation.multilabel.MultiLabelPredictions.Misclassification;
import dev.retrain.job.evaluate.EvaluateResult;
import dev.retrain.util.Json;
import dev.retrain.util.text.Counted;
import java.util.List;
import java.util.Locale;

/** Prints the evaluation of a model that gives an image any number of labels. */
final class MultiLabelPrinter implements ResultPrinter {
  private final EvaluateResult report;
  private final MultiLabelPredictions predictions;
  private final MultiLabelMetrics metrics;
  private final int mistakes;

  /**
   * @param assessment the report's assessment
   * @param mistakes how many false positives, and how many false negatives, to print
   */
  MultiLabelPrinter(EvaluateResult report, Assessment.MultiLabel assessment, int mistakes) {
    this.report = report;
    predictions = assessment.predictions();
    metrics = assessment.metrics();
    this.mistakes = mistakes;
  }

  @Override
  public ObjectNode json() {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("multi_label", true);
    node.put("count", metrics.count());
    node.put("mean_average_precision", metrics.meanAveragePrecision());
    node.put("loss", metrics.loss());
    node.put("exact_match", metrics.exactMatch());
    node.set("micro", Json.mapper().valueToTree(metrics.micro()));
    node.set("macro", Json.mapper().valueToTree(metrics.macro()));
    ArrayNode classes = node.putArray("classes");
    metrics.classes().forEach(one -> classes.add(json(one)));
    node.set("false_positives", json(predictions.falsePositives()));
    node.set("false_negatives", json(predictions.falseNegatives()));
    ScopeJson.add(node, report);
    return node;
  }

  private static ObjectNode json(ClassMetrics one) {
    ObjectNode node = Json.mapper().createObjectNode().put("label", one.label());
    if (Double.isNaN(one.averagePrecision())) {
      node.putNull("average_precision");
    } else {
      node.put("average_precision", one.averagePrecision());
    }
    return node.put("threshold", one.threshold())
        .put("precision", one.scores().precision())
        .put("recall", one.scores().recall())
        .put("f1", one.scores().f1())
        .put("support", one.support())
        .put("predicted", one.predicted());
  }

  private ArrayNode json(List<Misclassification> all) {
    ArrayNode list = Json.mapper().createArrayNode();
    for (Misclassification mistake : all.stream().limit(mistakes).toList()) {
      list.addObject()
          .put("path", report.files().get(mistake.index()).toString())
          .put("label", predictions.labels().get(mistake.label()))
          .put("probability", mistake.probability());
    }
    return list;
  }

  @Override
  public void print(Console console) {
    console.line(
        "%s mean average precision on %s of %s",
        Numbers.percent(metrics.meanAveragePrecision()),
        Counted.of(
            metrics.count(),
            report.data().partition().map(part -> part.word() + " image").orElse("image")),
        report.data().directory());
    console.line(
        "F1 at the thresholds: %s micro, %s macro. Exact match: %s. Loss: %.3f nats.",
        Numbers.percent(metrics.micro().f1()),
        Numbers.percent(metrics.macro().f1()),
        Numbers.percent(metrics.exactMatch()),
        metrics.loss());
    report.data().notices().forEach(notice -> console.line("Note: %s", notice));
    console.emptyLine();
    console.table(table());
    print(console, "False positives, most probable first", predictions.falsePositives());
    print(console, "False negatives, least probable first", predictions.falseNegatives());
  }

  private TextTable table() {
    TextTable table =
        new TextTable(
            "Class", "AP", "threshold", "precision", "recall", "F1", "images", "predicted");
    for (ClassMetrics one : metrics.classes()) {
      table.add(
          one.label(),
          Double.isNaN(one.averagePrecision()) ? "-" : Numbers.percent(one.averagePrecision()),
          String.format(Locale.ROOT, "%.3f", one.threshold()),
          Numbers.percent(one.scores().precision()),
          Numbers.percent(one.scores().recall()),
          Numbers.percent(one.scores().f1()),
          Numbers.count(one.support()),
          Numbers.count(one.predicted()));
    }
    add(table, "macro average", Numbers.percent(metrics.meanAveragePrecision()), metrics.macro());
    add(table, "micro average", "", metrics.micro());
    return table;
  }

  private void add(TextTable table, String name, String averagePrecision, Scores scores) {
    table.add(
        name,
        averagePrecision,
        "",
        Numbers.percent(scores.precision()),
        Numbers.percent(scores.recall()),
        Numbers.percent(scores.f1()),
        Numbers.count(metrics.count()),
        "");
  }

  private void print(Console console, String title, List<Misclassification> all) {
    List<Misclassification> listed = all.stream().limit(mistakes).toList();
    if (listed.isEmpty()) {
      return;
    }
    console.emptyLine();
    console.line("%s, %,d of %,d:", title, listed.size(), all.size());
    for (Misclassification mistake : listed) {
      console.line(
          "  %s: %s (%s)",
          report.files().get(mistake.index()),
          predictions.labels().get(mistake.label()),
          Numbers.percent(mistake.probability()));
    }
  }
}
