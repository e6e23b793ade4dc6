package dev.retrain.report.view;

import static dev.retrain.report.view.NumberText.count;
import static dev.retrain.report.view.NumberText.format;
import static dev.retrain.report.view.NumberText.percent;

import dev.retrain.evaluation.Calibration;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The reliability diagram: accuracy by confidence.
 *
 * @param summary mean confidence, accuracy and expected calibration error
 * @param ticks the ticks of both axes
 * @param bins the bars
 */
record CalibrationView(String summary, List<Tick> ticks, List<Bin> bins) {
  /** Width and height of the plot in the SVG's units. */
  private static final int SIDE = 300;

  private static final int TICKS = 4;

  /**
   * @param x its place on the horizontal axis
   * @param y its place on the vertical axis
   * @param text its percentage
   */
  record Tick(int x, int y, String text) {}

  /**
   * @param bar the bar; null if the bin has no images
   * @param range the range of the confidence
   * @param count number of images
   * @param confidence their mean confidence; empty if there are none
   * @param accuracy their accuracy; empty if there are none
   */
  record Bin(Bar bar, String range, String count, String confidence, String accuracy) {}

  /** A rectangle in the SVG's units. */
  record Bar(String x, String y, String width, String height) {}

  static CalibrationView from(Calibration calibration) {
    return new CalibrationView(
        format(
            "The mean confidence is %s and the accuracy is %s; the expected calibration error is"
                + " %s.",
            percent(mean(calibration, Calibration.Bin::confidence)),
            percent(mean(calibration, Calibration.Bin::accuracy)),
            percent(calibration.expectedError())),
        IntStream.rangeClosed(0, TICKS)
            .mapToObj(i -> new Tick(i * SIDE / TICKS, SIDE - i * SIDE / TICKS, count(i * 25L)))
            .toList(),
        calibration.bins().stream().map(CalibrationView::bin).toList());
  }

  private static double mean(Calibration calibration, ToDoubleFunction<Calibration.Bin> value) {
    List<Calibration.Bin> bins = calibration.bins();
    double sum = bins.stream().mapToDouble(bin -> bin.count() * value.applyAsDouble(bin)).sum();
    return sum / bins.stream().mapToInt(Calibration.Bin::count).sum();
  }

  private static Bin bin(Calibration.Bin bin) {
    boolean empty = bin.count() == 0;
    return new Bin(
        empty ? null : bar(bin),
        format("%.1f%% to %.1f%%", 100 * bin.from(), 100 * bin.to()),
        count(bin.count()),
        empty ? "" : percent(bin.confidence()),
        empty ? "" : percent(bin.accuracy()));
  }

  /** Two units narrower than the bin, to separate the bars. */
  private static Bar bar(Calibration.Bin bin) {
    double height = SIDE * bin.accuracy();
    return new Bar(
        length(SIDE * bin.from() + 1),
        length(SIDE - height),
        length(SIDE * (bin.to() - bin.from()) - 2),
        length(height));
  }

  private static String length(double length) {
    return format("%.1f", length);
  }
}
