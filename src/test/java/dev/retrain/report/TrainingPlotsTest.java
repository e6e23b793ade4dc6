package dev.retrain.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.training.Evaluation;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingPlotsTest {
  private static final int ORANGE = 0xFFFF7043;
  private static final int BLUE = 0xFF0077BB;

  @TempDir Path directory;

  private static List<Evaluation> history() {
    return IntStream.rangeClosed(1, 40)
        .mapToObj(
            i ->
                new Evaluation(
                    10 * i,
                    0.95 - 0.5 / i,
                    0.1 + 1.0 / i,
                    0.75 - 0.5 / i + 0.02 * (i % 2),
                    0.5 + 1.0 / i))
        .toList();
  }

  /** The columns that contain a pixel of this color. */
  private static int[] columns(BufferedImage image, int color) {
    return IntStream.range(0, image.getWidth())
        .filter(
            x -> IntStream.range(0, image.getHeight()).anyMatch(y -> image.getRGB(x, y) == color))
        .toArray();
  }

  private static void assertHoldsBothLines(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(1200);
    assertThat(image.getHeight()).isEqualTo(750);
    // More columns than the legend has, which contains both colors too.
    assertThat(columns(image, ORANGE)).hasSizeGreaterThan(800);
    assertThat(columns(image, BLUE)).hasSizeGreaterThan(500);
  }

  @Test
  void accuracyPlotHasBothLines() throws IOException {
    Path file = directory.resolve("plots/accuracy.png");

    TrainingPlots.accuracy(history(), 390, file);

    assertHoldsBothLines(file);
  }

  @Test
  void lossPlotHasBothLines() throws IOException {
    Path file = directory.resolve("plots/loss.png");

    TrainingPlots.loss(history(), 400, file);

    assertHoldsBothLines(file);
  }

  @Test
  void singleEvaluationIsDrawn() throws IOException {
    List<Evaluation> one = List.of(new Evaluation(1, 1, 0, 1, 0));

    TrainingPlots.accuracy(one, 1, directory.resolve("accuracy.png"));
    TrainingPlots.loss(one, 1, directory.resolve("loss.png"));

    assertThat(ImageIO.read(directory.resolve("accuracy.png").toFile()).getWidth()).isEqualTo(1200);
    assertThat(ImageIO.read(directory.resolve("loss.png").toFile()).getWidth()).isEqualTo(1200);
  }

  @Test
  void constantAccuracyIsDrawn() throws IOException {
    List<Evaluation> level =
        IntStream.rangeClosed(1, 5).mapToObj(i -> new Evaluation(i, 1, 0, 1, 0)).toList();
    Path file = directory.resolve("accuracy.png");

    TrainingPlots.accuracy(level, 3, file);

    assertThat(columns(ImageIO.read(file.toFile()), BLUE)).hasSizeGreaterThan(400);
  }
}
