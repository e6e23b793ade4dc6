package dev.retrain.finetune.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.training.Objective;
import dev.retrain.training.graph.FetchedTensors;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchBuilderTest {
  private static final int IMAGES = 9;
  private static final int CLASSES = 3;
  private static final String EVERYTHING =
      "flip,shift,crop,zoom,rotation,shear,brightness,contrast,saturation,erasing,mixup,"
          + "randaugment";

  @TempDir private static Path directory;
  private static PixelFile pixels;

  @BeforeAll
  static void decode() throws IOException {
    pixels = PixelSamples.pixels(directory, IMAGES);
  }

  @AfterAll
  static void close() throws IOException {
    pixels.close();
  }

  private static BatchBuilder builder(String distortions, long seed) {
    int[] labels = IntStream.range(0, IMAGES).map(i -> i % CLASSES).toArray();
    return new BatchBuilder(
        pixels, new ImageTargets(labels, CLASSES, 0.1), DistortionParser.parse(distortions), seed);
  }

  private static List<float[]> distorted(BatchBuilder builder, int[] images, int next, int epoch) {
    return PixelSamples.distorted(
        builder.inputs(PixelSamples.SIZE), builder.build(images, next, epoch));
  }

  private static final int[] ALL = IntStream.range(0, IMAGES).toArray();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none",
        "flip,shift",
        "crop",
        "rotation",
        "brightness",
        "saturation",
        "erasing",
        "mixup",
        "randaugment",
        EVERYTHING
      })
  void undistortedImagesAreExact(String distortions) {
    BatchBuilder builder = builder(distortions, 1);
    List<float[]> images =
        PixelSamples.distorted(builder.inputs(PixelSamples.SIZE), builder.buildUndistorted(ALL));
    assertThat(images).hasSize(IMAGES);
    for (int i = 0; i < IMAGES; i++) {
      assertThat(images.get(i)).containsExactly(PixelSamples.image(pixels, i));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flip,shift", "crop,flip", "mixup=1,shift", EVERYTHING})
  void distortionsDoNotDependOnTheBatch(String distortions) {
    BatchBuilder builder = builder(distortions, 5);
    List<float[]> together = distorted(builder, ALL, 0, 3);
    List<float[]> apart = new ArrayList<>();
    for (int first = 0; first < IMAGES; first += 4) {
      int end = Math.min(IMAGES, first + 4);
      apart.addAll(distorted(builder, Arrays.copyOfRange(ALL, first, end), end % IMAGES, 3));
    }
    assertThat(apart).hasSize(IMAGES);
    for (int i = 0; i < IMAGES; i++) {
      assertThat(apart.get(i)).containsExactly(together.get(i));
    }
    assertThat(distorted(builder, ALL, 0, 3).get(4)).containsExactly(together.get(4));
    assertThat(distorted(builder, ALL, 0, 4).get(4)).isNotEqualTo(together.get(4));
    assertThat(distorted(builder(distortions, 6), ALL, 0, 3).get(4)).isNotEqualTo(together.get(4));
  }

  @Test
  void halfOfTheImagesAreFlipped() {
    BatchBuilder builder = builder("flip", 1);
    int flipped = 0;
    for (int epoch = 0; epoch < 20; epoch++) {
      List<float[]> images = distorted(builder, ALL, 0, epoch);
      for (int i = 0; i < IMAGES; i++) {
        float[] original = PixelSamples.image(pixels, i);
        boolean same = Arrays.equals(images.get(i), original);
        flipped += same ? 0 : 1;
        assertThat(images.get(i)).containsExactly(same ? original : flip(original));
      }
    }
    // Of 180; the standard deviation is 6.7.
    assertThat(flipped).isBetween(63, 117);
  }

  private static float[] flip(float[] image) {
    float[] flipped = new float[image.length];
    for (int i = 0; i < image.length; i++) {
      int column = i / 3 % PixelSamples.WIDTH;
      flipped[i + 3 * (PixelSamples.WIDTH - 1 - 2 * column)] = image[i];
    }
    return flipped;
  }

  @Test
  void cropsStayInsideTheImage() {
    // A black pixel at the border would come from outside of the image.
    BatchBuilder builder = builder("crop=0.9,flip", 1);
    for (int epoch = 0; epoch < 50; epoch++) {
      List<float[]> images = distorted(builder, ALL, 0, epoch);
      for (int i = 0; i < IMAGES; i++) {
        float[] original = PixelSamples.image(pixels, i);
        for (int channel = 0; channel < 3; channel++) {
          assertThat(minimum(images.get(i), channel))
              .isGreaterThanOrEqualTo(minimum(original, channel));
        }
      }
    }
  }

  private static float minimum(float[] image, int channel) {
    float minimum = Float.MAX_VALUE;
    for (int i = channel; i < image.length; i += 3) {
      minimum = Math.min(minimum, image[i]);
    }
    return minimum;
  }

  @Test
  void imagesAndTargetsAreMixedWithTheNextOnes() {
    BatchBuilder builder = builder("mixup=1", 1);
    int[] images = {2, 0, 7};
    int[] order = {2, 0, 7, 5};
    float[] targets;
    try (BatchTensors batch = builder.build(images, 5, 0)) {
      targets = FetchedTensors.floats(batch.targets());
    }
    List<float[]> mixed = distorted(builder, images, 5, 0);
    for (int i = 0; i < images.length; i++) {
      int own = order[i] % CLASSES;
      int other = order[i + 1] % CLASSES;
      assertThat(own).isNotEqualTo(other);
      float share = (targets[i * CLASSES + own] - 0.1f / CLASSES) / 0.9f;
      assertThat(share).isBetween(0.5f, 1f);
      assertThat(targets[i * CLASSES] + targets[i * CLASSES + 1] + targets[i * CLASSES + 2])
          .isCloseTo(1, within(1e-6f));
      float[] first = PixelSamples.image(pixels, order[i]);
      float[] second = PixelSamples.image(pixels, order[i + 1]);
      for (int k = 0; k < first.length; k++) {
        assertThat(mixed.get(i)[k])
            .isCloseTo(share * first[k] + (1 - share) * second[k], within(1e-3f));
      }
    }
  }

  @Test
  void mixedLossIsTheSumOfTheWeightedLosses() {
    float[] weights = {0.5f, 2, 0.5f};
    ImageTargets targets =
        new ImageTargets(
            new int[][] {{0}, {1}, {1}}, 2, Objective.SINGLE_LABEL, 0, Optional.of(weights));
    double[] losses = {0.3, 1.7};
    float[] mixed = new float[2];
    targets.write(0, 1, 0.6, mixed, 0);
    assertThat(targets.weight(0, 1, 0.6) * (mixed[0] * losses[0] + mixed[1] * losses[1]))
        .isCloseTo(0.6 * 0.5 * losses[0] + 0.4 * 2 * losses[1], within(1e-6));
    targets.write(1, 2, 0.6, mixed, 0);
    assertThat(mixed).containsExactly(0, 1);
  }

  /** Smoothing moves each target of a class towards 1/2. */
  @ParameterizedTest
  @CsvSource({"0, '0,0,0', 1", "1, '1,0,0', 2", "2, '0,1,1', 0.5", "3, '1,1,1', 0.5"})
  void imagesMayHaveAnyNumberOfClasses(int image, String classes, float weight) {
    int[][] labels = {{}, {0}, {1, 2}, {0, 1, 2}};
    float[] weights = {1, 2, 0.5f, 0.5f};
    ImageTargets targets =
        new ImageTargets(labels, 3, Objective.MULTI_LABEL, 0.2, Optional.of(weights));
    float[] actual = new float[3];
    targets.write(image, 0, 1, actual, 0);
    String[] expected = classes.split(",", -1);
    for (int c = 0; c < 3; c++) {
      assertThat(actual[c]).isCloseTo(expected[c].equals("1") ? 0.9f : 0.1f, within(1e-6f));
    }
    assertThat(targets.weight(image, 0, 1)).isEqualTo(weight);
  }

  /** Binary cross-entropy is linear in the target. */
  @Test
  void mixedBinaryLossIsTheSumOfTheWeightedLosses() {
    float[] weights = {0.5f, 2};
    ImageTargets targets =
        new ImageTargets(
            new int[][] {{0, 1}, {1, 2}}, 4, Objective.MULTI_LABEL, 0, Optional.of(weights));
    float[] mixed = new float[4];
    targets.write(0, 1, 0.6, mixed, 0);
    double[] present = {0.3, 1.7, 0.2, 0.9};
    double[] absent = {1.2, 0.1, 2.2, 0.4};
    double[][] actual = {{1, 1, 0, 0}, {0, 1, 1, 0}};
    double expected = 0;
    double sum = 0;
    for (int c = 0; c < 4; c++) {
      for (int i = 0; i < 2; i++) {
        double share = i == 0 ? 0.6 * 0.5 : 0.4 * 2;
        expected += share * (actual[i][c] * present[c] + (1 - actual[i][c]) * absent[c]);
      }
      sum += mixed[c] * present[c] + (1 - mixed[c]) * absent[c];
    }
    assertThat(targets.weight(0, 1, 0.6) * sum).isCloseTo(expected, within(1e-6));
  }

  @Test
  void sheetShowsTheImages() {
    BufferedImage sheet = DistortionSheet.draw(builder("none", 1), new int[] {3, 1, 4, 0, 8}, 0);
    assertThat(sheet.getWidth()).isEqualTo(4 * PixelSamples.WIDTH);
    assertThat(sheet.getHeight()).isEqualTo(2 * PixelSamples.HEIGHT);
    float[] last = PixelSamples.image(pixels, 8);
    for (int y = 0; y < PixelSamples.HEIGHT; y++) {
      for (int x = 0; x < PixelSamples.WIDTH; x++) {
        int rgb = sheet.getRGB(x, PixelSamples.HEIGHT + y);
        assertThat((float) (rgb >> 8 & 255)).isEqualTo(last[3 * (y * PixelSamples.WIDTH + x) + 1]);
        assertThat(sheet.getRGB(PixelSamples.WIDTH + x, PixelSamples.HEIGHT + y) & 0xFFFFFF)
            .isZero();
      }
    }
  }

  @Test
  void sheetShowsSixteenMixedImages() {
    int[] images = IntStream.range(0, 40).map(i -> i % IMAGES).toArray();
    BufferedImage sheet = DistortionSheet.draw(builder(EVERYTHING, 1), images, 0);
    assertThat(sheet.getWidth()).isEqualTo(4 * PixelSamples.WIDTH);
    assertThat(sheet.getHeight()).isEqualTo(4 * PixelSamples.HEIGHT);
  }
}
