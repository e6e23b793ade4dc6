package dev.retrain.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.dataset.Partition;
import dev.retrain.evaluation.ConfusionMatrix;
import dev.retrain.evaluation.ConfusionMatrix.Confusion;
import dev.retrain.evaluation.Metrics;
import dev.retrain.evaluation.Metrics.ClassMetrics;
import dev.retrain.evaluation.Metrics.Means;
import dev.retrain.evaluation.Predictions;
import dev.retrain.job.evaluate.EvaluateResult;
import dev.retrain.job.evaluate.EvaluationScope;
import dev.retrain.util.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Shows what an evaluation gave, as text or JSON. */
public final class EvaluateResultPrinter {
  /** More classes make a table that no terminal is wide enough for. */
  private static final int WIDEST = 20;

  private static final int COLUMN = 10;
  private static final int CONFUSIONS = 10;

  private final EvaluateResult report;
  private final int mistakes;

  public EvaluateResultPrinter(EvaluateResult report, int mistakes) {
    this.report = report;
    this.mistakes = mistakes;
  }

  public ObjectNode json() {
    Metrics metrics = report.metrics();
    EvaluationScope data = report.data();
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
    node.put("directory", data.directory().toString());
    node.put("partition", data.partition().map(Partition::word).orElse("all"));
    node.put("own_directory", data.overlap().own());
    node.put("changed", data.overlap().changed());
    node.put("seen_known", data.overlap().known());
    for (Partition partition : Partition.values()) {
      node.put(partition.word() + "_images", data.counts().get(partition));
    }
    node.put("duplicates", data.overlap().duplicates());
    node.put("copies", data.overlap().copies());
    node.set("unknown_classes", Json.mapper().valueToTree(data.unknownClasses()));
    node.set("missing_classes", Json.mapper().valueToTree(data.missingClasses()));
    node.set("skipped_images", TrainResultPrinter.skipped(report.skipped()));
    node.set("notices", Json.mapper().valueToTree(data.notices()));
    return node;
  }

  private List<Integer> surest() {
    return report.predictions().mostConfidentMistakes().stream().limit(mistakes).toList();
  }

  private ArrayNode mistakes() {
    Predictions predictions = report.predictions();
    ArrayNode list = Json.mapper().createArrayNode();
    for (int index : surest()) {
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

  public void print(PrintWriter out) {
    Metrics metrics = report.metrics();
    EvaluationScope data = report.data();
    RetrainCommand.line(
        out,
        "Accuracy %s (%s to %s with 95 %% confidence) on %,d %simages of %s.",
        percent(metrics.accuracy()),
        percent(metrics.accuracyInterval().low()),
        percent(metrics.accuracyInterval().high()),
        metrics.count(),
        data.partition().map(part -> part.word() + " ").orElse(""),
        data.directory());
    RetrainCommand.line(
        out,
        "Top-5 accuracy %s, loss %.3f nats, calibration error (ECE) %s.",
        percent(metrics.top5Accuracy()),
        metrics.loss(),
        percent(metrics.calibration().expectedError()));
    data.notices().forEach(notice -> RetrainCommand.line(out, "Note: %s", notice));
    out.println();
    classes(metrics).print(out);
    out.println();
    printConfusion(out, metrics.confusion());
    printMistakes(out);
    out.flush();
  }

  private static TextTable classes(Metrics metrics) {
    TextTable table = new TextTable("Class", "precision", "recall", "F1", "images");
    for (ClassMetrics one : metrics.classes()) {
      table.add(
          one.label(),
          percent(one.precision()),
          percent(one.recall()),
          percent(one.f1()),
          count(one.support()));
    }
    addMeans(table, "mean of the classes", metrics.macro(), metrics);
    addMeans(table, "mean by images", metrics.weighted(), metrics);
    return table;
  }

  private static void addMeans(TextTable table, String name, Means means, Metrics metrics) {
    table.add(
        name,
        percent(means.precision()),
        percent(means.recall()),
        percent(means.f1()),
        count(metrics.count()));
  }

  private void printConfusion(PrintWriter out, ConfusionMatrix confusion) {
    int classes = confusion.labels().size();
    if (classes > WIDEST) {
      RetrainCommand.line(
          out, "Most frequent confusions (--confusion-csv and --confusion-png show all):");
      for (Confusion one : confusion.confusions().stream().limit(CONFUSIONS).toList()) {
        RetrainCommand.line(
            out,
            "  %,d of %,d %s, taken for %s",
            one.count(),
            confusion.actual(one.actual()),
            label(one.actual()),
            label(one.predicted()));
      }
      return;
    }
    String[] cells = new String[classes + 1];
    cells[0] = "Taken for";
    for (int label = 0; label < classes; label++) {
      cells[label + 1] = cut(label(label));
    }
    TextTable table = new TextTable(cells);
    for (int actual = 0; actual < classes; actual++) {
      String[] row = new String[classes + 1];
      row[0] = label(actual);
      for (int predicted = 0; predicted < classes; predicted++) {
        row[predicted + 1] = count(confusion.count(actual, predicted));
      }
      table.add(row);
    }
    table.print(out);
  }

  private static String cut(String label) {
    return label.codePointCount(0, label.length()) <= COLUMN
        ? label
        : label.substring(0, label.offsetByCodePoints(0, COLUMN - 1)) + "~";
  }

  private void printMistakes(PrintWriter out) {
    Predictions predictions = report.predictions();
    List<Integer> surest = surest();
    if (surest.isEmpty()) {
      return;
    }
    out.println();
    RetrainCommand.line(
        out, "Surest mistakes, of %,d:", predictions.mostConfidentMistakes().size());
    for (int index : surest) {
      RetrainCommand.line(
          out,
          "  %s: %s, taken for %s (%s)",
          report.files().get(index),
          label(predictions.actual(index)),
          label(predictions.predicted(index)),
          percent(predictions.confidence(index)));
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
