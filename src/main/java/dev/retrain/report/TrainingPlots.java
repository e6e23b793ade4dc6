package dev.retrain.report;

import static dev.retrain.report.view.NumberText.format;

import dev.retrain.report.data.Smoothing;
import dev.retrain.training.Evaluation;
import dev.retrain.training.Objective;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.ImageEncoder;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The training curves as PNG images: accuracy and loss over the iterations, in TensorBoard's
 * colors. Light lines are the measured values, bold lines their exponential moving averages. The
 * validation line is darker and thicker, so that the two can be distinguished in grayscale.
 */
public final class TrainingPlots {
  private static final int WIDTH = 1200;
  private static final int HEIGHT = 750;

  // TensorBoard's first two run colors.
  private static final Color TRAINING = new Color(0xFF7043);
  private static final Color VALIDATION = new Color(0x0077BB);
  private static final int LIGHT_ALPHA = 70;
  private static final Color INK = new Color(0x333333);
  private static final Color GRID = new Color(0xE4E4E4);

  private TrainingPlots() {}

  /**
   * Draws the accuracy of a head that predicts exactly one class; the parameters are those of
   * {@link #metric}.
   */
  public static void accuracy(List<Evaluation> history, int best, Path file) throws IOException {
    metric(Objective.SINGLE_LABEL, history, best, file);
  }

  /**
   * Draws the accuracy or the mean average precision in percent.
   *
   * @param objective what the head predicts
   * @param history the evaluations, at least one
   * @param best the iteration whose weights the model has
   * @param file the PNG file to write, 1200 x 750 pixels
   * @throws IOException if the file can't be written
   */
  public static void metric(Objective objective, List<Evaluation> history, int best, Path file)
      throws IOException {
    String name = objective == Objective.SINGLE_LABEL ? "Accuracy" : "Mean average precision";
    write(
        chart(
            name,
            name + " (%)",
            history,
            e -> 100 * e.trainingAccuracy(),
            e -> 100 * e.validationAccuracy(),
            best,
            "%.1f%%"),
        LegendPosition.InsideSE,
        file);
  }

  /**
   * Draws the cross-entropy loss in nats.
   *
   * @param history the evaluations, at least one
   * @param best the iteration whose weights the model has
   * @param file the PNG file to write, 1200 x 750 pixels
   * @throws IOException if the file can't be written
   */
  public static void loss(List<Evaluation> history, int best, Path file) throws IOException {
    write(
        chart(
            "Loss",
            "Cross-entropy (nats)",
            history,
            Evaluation::trainingLoss,
            Evaluation::validationLoss,
            best,
            "%.3f"),
        LegendPosition.InsideNE,
        file);
  }

  private static XYChart chart(
      String title,
      String unit,
      List<Evaluation> history,
      ToDoubleFunction<Evaluation> training,
      ToDoubleFunction<Evaluation> validation,
      int best,
      String bestFormat) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("Iteration")
            .yAxisTitle(unit)
            .build();
    double[] iterations = history.stream().mapToDouble(Evaluation::iteration).toArray();
    addLines(chart, "training", TRAINING, 4, iterations, values(history, training));
    addLines(chart, "validation", VALIDATION, 7, iterations, values(history, validation));
    Evaluation bestEvaluation =
        history.stream().filter(e -> e.iteration() == best).findFirst().orElseThrow();
    double bestValue = validation.applyAsDouble(bestEvaluation);
    XYSeries mark =
        chart.addSeries(
            format("best: %s at iteration %,d", format(bestFormat, bestValue), best),
            new double[] {best},
            new double[] {bestValue});
    mark.setMarker(SeriesMarkers.DIAMOND).setMarkerColor(INK);
    mark.setLineColor(new Color(0, true));
    return chart;
  }

  private static double[] values(List<Evaluation> history, ToDoubleFunction<Evaluation> value) {
    return history.stream().mapToDouble(value).toArray();
  }

  private static void addLines(
      XYChart chart, String name, Color color, float width, double[] x, double[] y) {
    XYSeries raw = chart.addSeries(name + " (measured)", x, y);
    raw.setMarker(SeriesMarkers.NONE).setShowInLegend(false);
    raw.setLineColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), LIGHT_ALPHA));
    raw.setLineStyle(new BasicStroke(2));
    XYSeries smooth = chart.addSeries(name, x, Smoothing.smooth(y));
    smooth.setMarker(SeriesMarkers.NONE).setLineColor(color);
    smooth.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
  }

  private static void write(XYChart chart, LegendPosition legend, Path file) throws IOException {
    Font base = new Font(Font.SANS_SERIF, Font.PLAIN, 24);
    chart
        .getStyler()
        .setLegendPosition(legend)
        .setLegendFont(base)
        .setLegendBorderColor(GRID)
        .setLegendSeriesLineLength(48)
        .setMarkerSize(18)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBackgroundColor(Color.WHITE)
        .setChartFontColor(INK)
        .setChartTitleFont(base.deriveFont(Font.BOLD, 30f))
        .setChartPadding(18)
        .setAntiAlias(true);
    chart
        .getStyler()
        .setAxisTitleFont(base)
        .setAxisTickLabelsFont(base)
        .setAxisTickLabelsColor(INK)
        .setPlotGridLinesColor(GRID)
        .setPlotGridLinesStroke(new BasicStroke(1))
        .setXAxisMin(0.0)
        .setXAxisTickMarkSpacingHint(150)
        .setYAxisTickMarkSpacingHint(90)
        .setPlotBorderVisible(false);
    chart.getStyler().setLocale(Locale.ROOT);
    BufferedImage image = BitmapEncoder.getBufferedImage(chart);
    AtomicFile.write(file, out -> ImageEncoder.write(image, "png", out));
  }
}
