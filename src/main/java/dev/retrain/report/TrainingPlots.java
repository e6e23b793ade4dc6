package dev.retrain.report;

import dev.retrain.training.Evaluation;
import dev.retrain.util.io.AtomicFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Accuracy and loss over the iterations, in TensorBoard's two colours; the faint line is what was
 * measured, the strong one its exponential moving average. Validation's is the darker and the
 * thicker one, so that the two are told apart in grey.
 */
public final class TrainingPlots {
  private static final int WIDTH = 1200;
  private static final int HEIGHT = 750;

  // TensorBoard's first two run colours.
  private static final Color TRAINING = new Color(0xFF7043);
  private static final Color VALIDATION = new Color(0x0077BB);
  private static final int FAINT = 70;
  private static final Color INK = new Color(0x333333);
  private static final Color GRID = new Color(0xE4E4E4);

  /** The share of the past in a smoothed value. */
  private static final double SMOOTHING = 0.8;

  private TrainingPlots() {}

  /**
   * Draws the accuracy.
   *
   * @param history the evaluations, at least one
   * @param best the iteration whose layer was kept
   * @param file a PNG of 1200 x 750 pixels
   * @throws IOException where it can't be written
   */
  public static void accuracy(List<Evaluation> history, int best, Path file) throws IOException {
    write(
        chart(
            "Accuracy",
            "Accuracy (%)",
            history,
            e -> 100 * e.trainingAccuracy(),
            e -> 100 * e.validationAccuracy(),
            best,
            "%.1f %%"),
        LegendPosition.InsideSE,
        file);
  }

  /**
   * Draws the loss.
   *
   * @param history the evaluations, at least one
   * @param best the iteration whose layer was kept
   * @param file a PNG of 1200 x 750 pixels
   * @throws IOException where it can't be written
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
            "best: " + bestFormat.formatted(bestValue) + " at " + best,
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
      XYChart chart, String name, Color colour, float width, double[] x, double[] y) {
    XYSeries raw = chart.addSeries(name + " as measured", x, y);
    raw.setMarker(SeriesMarkers.NONE).setShowInLegend(false);
    raw.setLineColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), FAINT));
    raw.setLineStyle(new BasicStroke(2));
    XYSeries smooth = chart.addSeries(name, x, smoothed(y));
    smooth.setMarker(SeriesMarkers.NONE).setLineColor(colour);
    smooth.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
  }

  /** TensorBoard's way of smoothing: an exponential moving average without a bias at its start. */
  static double[] smoothed(double[] values) {
    double[] smooth = new double[values.length];
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < values.length; i++) {
      sum = sum * SMOOTHING + values[i] * (1 - SMOOTHING);
      weight = weight * SMOOTHING + (1 - SMOOTHING);
      smooth[i] = sum / weight;
    }
    return smooth;
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
    BufferedImage image = BitmapEncoder.getBufferedImage(chart);
    AtomicFile.write(file, out -> ImageIO.write(image, "png", out));
  }
}
