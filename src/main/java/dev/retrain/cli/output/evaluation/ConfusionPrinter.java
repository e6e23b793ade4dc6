package dev.retrain.cli.output.evaluation;

import dev.retrain.cli.output.Console;
import dev.retrain.cli.output.Numbers;
import dev.retrain.cli.output.TextTable;
import dev.retrain.evaluation.ConfusionMatrix;
import dev.retrain.evaluation.ConfusionMatrix.Confusion;
import java.util.List;

/** Prints a confusion matrix, or the most frequent confusions if it is too wide for a terminal. */
final class ConfusionPrinter {
  private static final int MAX_CLASSES = 20;
  private static final int MAX_CONFUSIONS = 10;

  /** Characters of a column's label. */
  private static final int MAX_LABEL = 10;

  private final ConfusionMatrix confusion;

  ConfusionPrinter(ConfusionMatrix confusion) {
    this.confusion = confusion;
  }

  void print(Console console) {
    if (labels().size() <= MAX_CLASSES) {
      console.line("Confusion matrix (rows: actual class, columns: predicted class)");
      console.table(table());
      return;
    }
    console.line(
        "Most frequent confusions (--confusion-csv and --confusion-png write the whole matrix):");
    for (Confusion one : confusion.confusions().stream().limit(MAX_CONFUSIONS).toList()) {
      console.line(
          "  %,d of %,d %s, predicted as %s",
          one.count(),
          confusion.actual(one.actual()),
          labels().get(one.actual()),
          labels().get(one.predicted()));
    }
  }

  private List<String> labels() {
    return confusion.labels();
  }

  private TextTable table() {
    int classes = labels().size();
    String[] header = new String[classes + 1];
    header[0] = "Actual";
    for (int label = 0; label < classes; label++) {
      header[label + 1] = shortened(labels().get(label));
    }
    TextTable table = new TextTable(header);
    for (int actual = 0; actual < classes; actual++) {
      String[] row = new String[classes + 1];
      row[0] = labels().get(actual);
      for (int predicted = 0; predicted < classes; predicted++) {
        row[predicted + 1] = Numbers.count(confusion.count(actual, predicted));
      }
      table.add(row);
    }
    return table;
  }

  private static String shortened(String label) {
    return label.codePointCount(0, label.length()) <= MAX_LABEL
        ? label
        : label.substring(0, label.offsetByCodePoints(0, MAX_LABEL - 1)) + "~";
  }
}
