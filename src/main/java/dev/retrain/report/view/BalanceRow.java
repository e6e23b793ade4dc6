package dev.retrain.report.view;

import static dev.retrain.report.view.NumberText.count;
import static dev.retrain.report.view.NumberText.format;

import dev.retrain.report.data.ClassBalance;
import java.util.List;

/**
 * The number of images of a class.
 *
 * @param label the class
 * @param total number of images
 * @param totalText the same with separators
 * @param sets the training, validation and test images, as segments of one bar
 */
record BalanceRow(String label, int total, String totalText, List<Segment> sets) {
  /**
   * @param count number of images
   * @param text the same with separators
   * @param start start of the segment, in percent of the longest bar
   * @param width its width, in percent of the longest bar
   */
  record Segment(int count, String text, String start, String width) {}

  static List<BalanceRow> rows(List<ClassBalance> classes) {
    int max = classes.stream().mapToInt(ClassBalance::total).max().orElse(1);
    return classes.stream().map(each -> row(each, max)).toList();
  }

  private static BalanceRow row(ClassBalance images, int max) {
    return new BalanceRow(
        images.label(),
        images.total(),
        count(images.total()),
        List.of(
            segment(images.training(), 0, max),
            segment(images.validation(), images.training(), max),
            segment(images.test(), images.training() + images.validation(), max)));
  }

  private static Segment segment(int count, int start, int max) {
    return new Segment(count, count(count), percentage(start, max), percentage(count, max));
  }

  private static String percentage(int part, int whole) {
    return format("%.2f", 100.0 * part / whole);
  }
}
