package dev.retrain.report.view;

import static dev.retrain.report.view.NumberText.count;
import static dev.retrain.report.view.NumberText.format;
import static dev.retrain.report.view.NumberText.percent;

import dev.retrain.evaluation.ConfusionMatrix;
import dev.retrain.evaluation.ConfusionMatrix.Confusion;
import dev.retrain.util.text.Counted;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The confusion matrix.
 *
 * @param classCount number of classes
 * @param rows a row for each actual class; empty if there are too many classes for a table
 * @param maxMisclassified largest share of a row in one cell of misclassified images
 * @param pairs the pairs of classes that are confused most often, the most frequent first
 */
record ConfusionView(String classCount, List<Row> rows, String maxMisclassified, List<Pair> pairs) {
  /** A table with more classes is unreadable. */
  private static final int MAX_CLASSES = 50;

  private static final int PAIRS = 10;

  /** How many pairs there are in place of the table. */
  private static final int PAIRS_WITHOUT_TABLE = 50;

  /**
   * @param label the actual class
   * @param cells a cell for each predicted class
   */
  record Row(String label, List<Cell> cells) {}

  /**
   * @param images the images in the cell; null if there are none
   * @param shade a CSS class
   */
  record Cell(Images images, String shade) {}

  /**
   * The images of one class that are predicted as one class.
   *
   * @param actual index of the actual class
   * @param predicted index of the predicted class
   * @param count number of images
   * @param text the same with separators
   * @param description the same with the names of the classes
   */
  record Images(int actual, int predicted, long count, String text, String description) {}

  /**
   * @param images the misclassified images
   * @param actualLabel name of their actual class
   * @param predictedLabel name of the predicted class
   */
  record Pair(Images images, String actualLabel, String predictedLabel) {}

  static ConfusionView from(ConfusionMatrix confusion) {
    int classes = confusion.labels().size();
    boolean readable = classes <= MAX_CLASSES;
    double maxMisclassified = maxMisclassified(confusion);
    return new ConfusionView(
        count(classes),
        readable ? rows(confusion, maxMisclassified) : List.of(),
        percent(maxMisclassified),
        pairs(confusion, readable ? PAIRS : PAIRS_WITHOUT_TABLE));
  }

  private static Images images(List<String> labels, int actual, int predicted, long count) {
    String images = Counted.of(count, "image");
    return new Images(
        actual,
        predicted,
        count,
        count(count),
        actual == predicted
            ? format("%s of %s predicted correctly", images, labels.get(actual))
            : format(
                "%s of %s predicted as %s", images, labels.get(actual), labels.get(predicted)));
  }

  private static double maxMisclassified(ConfusionMatrix confusion) {
    return confusion.confusions().stream()
        .mapToDouble(pair -> share(confusion, pair.actual(), pair.predicted()))
        .max()
        .orElse(0);
  }

  private static double share(ConfusionMatrix confusion, int actual, int predicted) {
    return (double) confusion.count(actual, predicted) / Math.max(1, confusion.actual(actual));
  }

  private static List<Row> rows(ConfusionMatrix confusion, double maxMisclassified) {
    int classes = confusion.labels().size();
    return IntStream.range(0, classes)
        .mapToObj(
            actual ->
                new Row(
                    confusion.labels().get(actual),
                    IntStream.range(0, classes)
                        .mapToObj(predicted -> cell(confusion, actual, predicted, maxMisclassified))
                        .toList()))
        .toList();
  }

  private static Cell cell(
      ConfusionMatrix confusion, int actual, int predicted, double maxMisclassified) {
    long count = confusion.count(actual, predicted);
    if (count == 0) {
      return new Cell(null, "");
    }
    double share = share(confusion, actual, predicted);
    return new Cell(
        images(confusion.labels(), actual, predicted, count),
        actual == predicted ? Shade.correct(share) : Shade.misclassified(share / maxMisclassified));
  }

  private static List<Pair> pairs(ConfusionMatrix confusion, int max) {
    List<String> labels = confusion.labels();
    return confusion.confusions().stream()
        .limit(max)
        .map(
            (Confusion pair) ->
                new Pair(
                    images(labels, pair.actual(), pair.predicted(), pair.count()),
                    labels.get(pair.actual()),
                    labels.get(pair.predicted())))
        .toList();
  }
}
