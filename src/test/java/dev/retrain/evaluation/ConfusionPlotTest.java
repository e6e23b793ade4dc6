package dev.retrain.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfusionPlotTest {
  private static final int BLUE = 0xFF0077BB;

  @TempDir private Path directory;

  /** One image per class; those of the classes from {@code correct} on are predicted as class 0. */
  private static ConfusionMatrix matrix(List<String> labels, int correct) {
    int classes = labels.size();
    float[] probabilities = new float[classes * classes];
    for (int i = 0; i < classes; i++) {
      probabilities[i * classes + (i < correct ? i : 0)] = 1;
    }
    return ConfusionMatrix.compute(
        new Predictions(
            labels,
            Collections.nCopies(classes, "x"),
            IntStream.range(0, classes).toArray(),
            probabilities));
  }

  private static List<String> labels(int count) {
    return IntStream.range(0, count).mapToObj(i -> "class " + i).toList();
  }

  private static long blue(BufferedImage image) {
    return IntStream.range(0, image.getWidth())
        .mapToLong(
            x ->
                IntStream.range(0, image.getHeight())
                    .filter(y -> image.getRGB(x, y) == BLUE)
                    .count())
        .sum();
  }

  @Test
  void cellWithAllImagesOfAClassHasTheFullColor() throws IOException {
    Path file = directory.resolve("new/confusion.png");
    ConfusionPlot.write(matrix(labels(10), 10), file);

    BufferedImage image = ImageIO.read(file.toFile());
    // Ten cells of 95 x 95, minus the number in each.
    assertThat(blue(image)).isBetween(9L * 95 * 95, 10L * 95 * 95);
  }

  @Test
  void cellsAreShadedRelativeToTheirRow() {
    long correct = blue(ConfusionPlot.draw(matrix(labels(10), 10)));
    long misclassified = blue(ConfusionPlot.draw(matrix(labels(10), 1)));

    assertThat(misclassified).isCloseTo(correct, withPercentage(1));
  }

  @Test
  void oneClassLongNamesAndThousandClassesAreDrawn() {
    assertThat(blue(ConfusionPlot.draw(matrix(labels(1), 1)))).isPositive();
    BufferedImage longNames =
        ConfusionPlot.draw(matrix(List.of("x".repeat(500), "𝒳".repeat(300)), 2));
    assertThat(longNames.getWidth()).isLessThan(1200);
    BufferedImage thousand = ConfusionPlot.draw(matrix(labels(1000), 1000));
    assertThat(blue(thousand)).isEqualTo(1000L * 4 * 4);
  }
}
