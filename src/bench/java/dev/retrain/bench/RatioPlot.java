package dev.retrain.bench;

import dev.retrain.util.io.AtomicFile;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** A bar chart of the ratios to the peers: for each row, the measured ratio and its target. */
final class RatioPlot {
  private static final int WIDTH = 1600;
  private static final int HEIGHT = 1100;
  private static final Color MEASURED = new Color(0x0077BB);
  private static final Color TARGET = new Color(0xCCCCCC);
  private static final int LINE = 30;

  private RatioPlot() {}

  /** Draws the rows that have a peer; writes no file if there are none. */
  static void write(List<Measurement> rows, Path file) throws IOException {
    List<String> names = new ArrayList<>();
    List<Double> measured = new ArrayList<>();
    List<Double> targets = new ArrayList<>();
    for (Measurement row : rows) {
      boolean ofRatio =
          row.target().filter(target -> target.subject() == Target.Subject.RATIO).isPresent();
      if (row.ratio().isPresent() && ofRatio) {
        names.add("%d. %s".formatted(names.size() + 1, shortened(row)));
        measured.add(row.ratio().getAsDouble());
        targets.add(row.target().orElseThrow().limit());
      }
    }
    if (names.isEmpty()) {
      return;
    }
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Times as fast as the peer (logarithmic)")
            .build();
    chart.addSeries("measured", names, measured).setFillColor(MEASURED);
    chart.addSeries("target", names, targets).setFillColor(TARGET);
    Font base = new Font(Font.SANS_SERIF, Font.PLAIN, 18);
    chart.getStyler().setLabelsVisible(true).setLabelsFont(base).setLabelsPosition(0.5);
    chart
        .getStyler()
        .setYAxisLogarithmic(true)
        .setYAxisMin(decadeBelow(measured, targets))
        .setYAxisDecimalPattern("#.##")
        .setXAxisLabelRotation(90)
        .setAxisTickLabelsFont(base)
        .setPlotBorderVisible(false)
        .setLegendPosition(LegendPosition.InsideNW)
        .setLegendFont(base)
        .setChartBackgroundColor(Color.WHITE)
        .setChartTitleFont(base.deriveFont(Font.BOLD, 24f));
    BufferedImage image = BitmapEncoder.getBufferedImage(chart);
    AtomicFile.write(file, out -> ImageIO.write(image, "png", out));
  }

  private static double decadeBelow(List<Double> measured, List<Double> targets) {
    double lowest = Math.min(Collections.min(measured), Collections.min(targets));
    return Math.pow(10, Math.floor(Math.log10(lowest)));
  }

  private static String shortened(Measurement row) {
    return cut(row.name()) + " / " + cut(row.peer().orElseThrow().name());
  }

  private static String cut(String text) {
    return text.length() <= LINE ? text : text.substring(0, LINE - 1) + "\u2026";
  }
}
