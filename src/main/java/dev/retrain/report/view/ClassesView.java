package dev.retrain.report.view;

import static dev.retrain.report.view.NumberText.count;
import static dev.retrain.report.view.NumberText.format;
import static dev.retrain.report.view.NumberText.percent;

import dev.retrain.evaluation.Metrics;
import dev.retrain.evaluation.Metrics.Means;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The metrics of each class.
 *
 * @param rows a row for each class
 * @param averages the macro and weighted averages
 */
record ClassesView(List<Row> rows, List<Row> averages) {
  /**
   * @param label the class or the kind of average
   * @param shares precision, recall and F1
   * @param support number of images
   * @param supportText the same with separators
   */
  record Row(String label, List<Share> shares, long support, String supportText) {
    private static Row from(String label, DoubleStream shares, long support) {
      return new Row(label, shares.mapToObj(Share::from).toList(), support, count(support));
    }
  }

  /**
   * @param percentage a plain number, for the length of a bar and for sorting
   * @param text the same for people
   */
  record Share(String percentage, String text) {
    private static Share from(double share) {
      return new Share(format("%.2f", 100 * share), percent(share));
    }
  }

  static ClassesView from(Metrics metrics) {
    return new ClassesView(
        metrics.classes().stream()
            .map(
                each ->
                    Row.from(
                        each.label(),
                        DoubleStream.of(each.precision(), each.recall(), each.f1()),
                        each.support()))
            .toList(),
        List.of(
            average("Macro average", metrics.macro(), metrics.count()),
            average("Weighted average", metrics.weighted(), metrics.count())));
  }

  private static Row average(String label, Means means, long support) {
    return Row.from(label, DoubleStream.of(means.precision(), means.recall(), means.f1()), support);
  }
}
