package dev.retrain.evaluation;

import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.ImageEncoder;
import dev.retrain.util.text.Counted;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A confusion matrix as an image: a row for each actual class, a column for each predicted class. A
 * cell is the darker, the larger its share of the row, so that rare classes are as visible as
 * common ones. The HTML report has a table instead, with the colors of its style sheet.
 */
public final class ConfusionPlot {
  private static final int MARGIN = 24;
  private static final int LARGEST_CELL = 96;
  private static final int SMALLEST_CELL = 4;

  /** Approximate width and height of the matrix. */
  private static final int SIDE = 1100;

  /** Smaller cells have no room for a number. */
  private static final int READABLE_CELL = 36;

  /** Smaller cells have no room for a label beside them. */
  private static final int LABELLED_CELL = 14;

  private static final int LONGEST_LABEL = 260;
  private static final int AXIS_TITLE = 32;
  private static final int TITLE = 40;
  private static final int GAP = 12;
  private static final int MIN_WIDTH = 640;

  // From white to the color of the validation line in the training plots.
  private static final Color FULL = new Color(0x0077BB);
  private static final Color INK = new Color(0x333333);
  private static final Color GRID = new Color(0xE4E4E4);

  private static final Font TITLE_FONT = new Font(Font.SANS_SERIF, Font.BOLD, 22);
  private static final Font AXIS_FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 20);
  private static final String ACTUAL = "Actual class";
  private static final String PREDICTED = "Predicted class";

  private ConfusionPlot() {}

  /**
   * Draws a matrix into a file.
   *
   * @param confusion the matrix
   * @param file the PNG file to write
   * @throws IOException if the file can't be written
   */
  public static void write(ConfusionMatrix confusion, Path file) throws IOException {
    BufferedImage image = draw(confusion);
    AtomicFile.write(file, out -> ImageEncoder.write(image, "png", out));
  }

  /**
   * Draws a matrix.
   *
   * @param confusion the matrix
   * @return an RGB image; its size depends on the number of classes and the length of their names
   */
  public static BufferedImage draw(ConfusionMatrix confusion) {
    int classes = confusion.labels().size();
    int cell = Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, SIDE / classes));
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, Math.max(9, Math.min(22, cell / 2)));
    int labels = cell < LABELLED_CELL ? 0 : labelWidth(confusion, font);
    int left = MARGIN + AXIS_TITLE + labels + GAP;
    int top = MARGIN + TITLE + AXIS_TITLE + labels + GAP;
    int side = cell * classes;
    int width = Math.max(left + side + MARGIN, MIN_WIDTH);
    BufferedImage image = new BufferedImage(width, top + side + MARGIN, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = canvas(image);
    try {
      drawTitles(canvas, confusion, left, top, side);
      canvas.setFont(font);
      for (int actual = 0; actual < classes; actual++) {
        for (int predicted = 0; predicted < classes; predicted++) {
          drawCell(
              canvas,
              confusion,
              actual,
              predicted,
              left + predicted * cell,
              top + actual * cell,
              cell);
        }
        if (labels > 0) {
          drawLabels(canvas, confusion.labels().get(actual), left, top, actual, cell);
        }
      }
      canvas.setColor(GRID);
      canvas.drawRect(left - 1, top - 1, side + 1, side + 1);
    } finally {
      canvas.dispose();
    }
    return image;
  }

  private static Graphics2D canvas(BufferedImage image) {
    Graphics2D canvas = image.createGraphics();
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    canvas.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    canvas.setColor(Color.WHITE);
    canvas.fillRect(0, 0, image.getWidth(), image.getHeight());
    return canvas;
  }

  private static void drawTitles(
      Graphics2D canvas, ConfusionMatrix confusion, int left, int top, int side) {
    canvas.setColor(INK);
    canvas.setFont(TITLE_FONT);
    canvas.drawString(title(confusion), MARGIN, MARGIN + 20);
    canvas.setFont(AXIS_FONT);
    FontMetrics metrics = canvas.getFontMetrics();
    int predicted = left + (side - metrics.stringWidth(PREDICTED)) / 2;
    canvas.drawString(PREDICTED, Math.max(MARGIN, predicted), MARGIN + TITLE + 20);
    int actual = top + (side + metrics.stringWidth(ACTUAL)) / 2;
    drawUpward(canvas, ACTUAL, MARGIN + 20, Math.min(top + side, actual));
  }

  private static String title(ConfusionMatrix confusion) {
    long count = 0;
    for (int label = 0; label < confusion.labels().size(); label++) {
      count += confusion.actual(label);
    }
    return String.format(
        Locale.ROOT,
        "Confusion matrix: %.1f%% accuracy (%s)",
        100.0 * confusion.correct() / Math.max(1, count),
        Counted.of(count, "image"));
  }

  private static void drawUpward(Graphics2D canvas, String text, int x, int y) {
    AffineTransform upright = canvas.getTransform();
    canvas.translate(x, y);
    canvas.rotate(-Math.PI / 2);
    canvas.drawString(text, 0, 0);
    canvas.setTransform(upright);
  }

  private static int labelWidth(ConfusionMatrix confusion, Font font) {
    Graphics2D canvas = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      FontMetrics metrics = canvas.getFontMetrics(font);
      int widest = confusion.labels().stream().mapToInt(metrics::stringWidth).max().orElse(0);
      return Math.min(widest, LONGEST_LABEL);
    } finally {
      canvas.dispose();
    }
  }

  private static void drawCell(
      Graphics2D canvas,
      ConfusionMatrix confusion,
      int actual,
      int predicted,
      int x,
      int y,
      int cell) {
    long count = confusion.count(actual, predicted);
    double share = count == 0 ? 0 : (double) count / confusion.actual(actual);
    canvas.setColor(shade(share));
    int gap = cell < LABELLED_CELL ? 0 : 1;
    canvas.fillRect(x, y, cell - gap, cell - gap);
    if (cell >= READABLE_CELL && count > 0) {
      canvas.setColor(share > 0.5 ? Color.WHITE : INK);
      String text = String.format(Locale.ROOT, "%,d", count);
      FontMetrics metrics = canvas.getFontMetrics();
      canvas.drawString(
          text,
          x + (cell - metrics.stringWidth(text)) / 2,
          y + (cell + metrics.getAscent() - metrics.getDescent()) / 2);
    }
  }

  /** The square root makes a share of 1% visible. */
  private static Color shade(double share) {
    double depth = Math.sqrt(share);
    return new Color(
        between(255, FULL.getRed(), depth),
        between(255, FULL.getGreen(), depth),
        between(255, FULL.getBlue(), depth));
  }

  private static int between(int from, int to, double share) {
    return (int) Math.round(from + (to - from) * share);
  }

  private static void drawLabels(
      Graphics2D canvas, String label, int left, int top, int index, int cell) {
    canvas.setColor(INK);
    FontMetrics metrics = canvas.getFontMetrics();
    String text = truncate(label, metrics);
    int middle = (cell + metrics.getAscent() - metrics.getDescent()) / 2;
    canvas.drawString(text, left - 8 - metrics.stringWidth(text), top + index * cell + middle);
    drawUpward(canvas, text, left + index * cell + middle, top - 8);
  }

  private static String truncate(String label, FontMetrics metrics) {
    String text = label;
    while (metrics.stringWidth(text) > LONGEST_LABEL) {
      int end = label.offsetByCodePoints(0, text.codePointCount(0, text.length()) - 2);
      text = label.substring(0, end) + "\u2026";
    }
    return text;
  }
}
