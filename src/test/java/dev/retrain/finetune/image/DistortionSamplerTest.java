package dev.retrain.finetune.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.finetune.input.DistortionStage;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistortionSamplerTest {
  private static final int DRAWS = 4000;

  /** Large, so that shifts in whole pixels are fine. */
  private static final int SIDE = 1000;

  private static final Set<DistortionStage> ALL = EnumSet.allOf(DistortionStage.class);

  private static float[] draw(String distortions, long seed, int epoch, int image) {
    float[] numbers = DistortionStage.identity(ALL);
    new DistortionSampler(DistortionParser.parse(distortions), seed)
        .draw(epoch, image, SIDE, SIDE, 100)
        .write(ALL, numbers, 0);
    return numbers;
  }

  /** One number of a stage in many draws. */
  private static double[] draws(String distortions, DistortionStage stage, int index) {
    return IntStream.range(0, DRAWS)
        .mapToDouble(image -> draw(distortions, 1, 2, image)[stage.offset(ALL) + index])
        .toArray();
  }

  /** The standard error of the mean of a uniform distribution is range / sqrt(12 * draws). */
  @ParameterizedTest
  @CsvSource({
    // distortion, stage, index, minimum, maximum
    "shift=0.2, SHIFT, 1, -200, 200",
    "shift=0.2, SHIFT, 2, -200, 200",
    "shift=0.2, WARP, 2, -200, 200",
    "zoom=0.3, WARP, 0, 0.7, 1.3",
    "zoom=0.3, WARP, 4, 0.7, 1.3",
    "shear=0.3, WARP, 1, -0.3, 0.3",
    "brightness=0.4, BRIGHTNESS, 0, 0.6, 1.4",
    "contrast=0.4, BRIGHTNESS, 0, 0.6, 1.4",
    "contrast=0.4, BRIGHTNESS, 1, -40, 40",
    "saturation=0.4, SATURATION, 0, 0.6, 1.4",
    "saturation=0.4, SATURATION, 2, -0.4, 0.4",
  })
  void numbersAreUniform(
      String distortion, DistortionStage stage, int index, double minimum, double maximum) {
    DoubleSummaryStatistics found =
        Arrays.stream(draws(distortion, stage, index)).summaryStatistics();
    double range = maximum - minimum;
    assertThat(found.getMin()).isBetween(minimum - 1e-3, minimum + 0.01 * range);
    assertThat(found.getMax()).isBetween(maximum - 0.01 * range, maximum + 1e-3);
    assertThat(found.getAverage())
        .isCloseTo((minimum + maximum) / 2, within(4 * range / Math.sqrt(12 * DRAWS)));
  }

  @Test
  void rotationsAreUniform() {
    double[] sines = draws("rotation=90", DistortionStage.WARP, 3);
    DoubleSummaryStatistics degrees =
        Arrays.stream(sines).map(sine -> Math.toDegrees(Math.asin(sine))).summaryStatistics();
    assertThat(degrees.getMin()).isBetween(-90.0, -88.0);
    assertThat(degrees.getMax()).isBetween(88.0, 90.0);
    assertThat(degrees.getAverage()).isCloseTo(0, within(4 * 180 / Math.sqrt(12 * DRAWS)));
  }

  @Test
  void cropsHaveTheirAreasAndRatios() {
    int offset = DistortionStage.BOX.offset(ALL);
    double smallest = 1;
    double widest = 0;
    for (int image = 0; image < DRAWS; image++) {
      float[] box = draw("crop=0.6", 1, 2, image);
      double rows = box[offset + 2] - box[offset];
      double columns = box[offset + 3] - box[offset + 1];
      assertThat(box[offset]).isPositive();
      assertThat(box[offset + 1]).isPositive();
      assertThat(box[offset + 2]).isLessThan(1);
      assertThat(box[offset + 3]).isLessThan(1);
      assertThat(columns / rows).isBetween(0.74, 1.34);
      smallest = Math.min(smallest, rows * columns);
      widest = Math.max(widest, columns / rows);
    }
    assertThat(smallest).isBetween(0.399, 0.41);
    assertThat(widest).isGreaterThan(1.3);
  }

  @Test
  void erasedRectanglesHaveTheirProbabilityAndArea() {
    int offset = DistortionStage.ERASE.offset(ALL);
    int erased = 0;
    for (int image = 0; image < DRAWS; image++) {
      float[] numbers = draw("erasing=0.3", 1, 2, image);
      double area =
          (numbers[offset + 2] - numbers[offset])
              * (numbers[offset + 3] - numbers[offset + 1])
              / SIDE
              / SIDE;
      assertThat(numbers[offset + 2]).isBetween(0f, (float) SIDE);
      assertThat(numbers[offset + 3]).isBetween(0f, (float) SIDE);
      if (area > 0) {
        erased++;
        assertThat(area).isBetween(0.018, 0.332);
      }
    }
    // The standard deviation is 29.
    assertThat(erased).isBetween(1200 - 116, 1200 + 116);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flip",
        "shift",
        "crop",
        "zoom",
        "rotation",
        "shear",
        "brightness",
        "contrast",
        "saturation",
        "erasing=1",
        "mixup=1",
        "randaugment=16,20"
      })
  void drawsDependOnSeedEpochAndImageOnly(String distortions) {
    float[] drawn = sequence(distortions, 1, 2);
    assertThat(sequence(distortions, 1, 2)).containsExactly(drawn);
    assertThat(sequence(distortions, 2, 2)).isNotEqualTo(drawn);
    assertThat(sequence(distortions, 1, 3)).isNotEqualTo(drawn);
    assertThat(IntStream.range(0, 8).mapToObj(i -> Arrays.toString(draw(distortions, 1, 2, i))))
        .hasSizeGreaterThan(1)
        .satisfies(draws -> assertThat(Set.copyOf(draws)).hasSizeGreaterThan(1));
  }

  private static float[] sequence(String distortions, long seed, int epoch) {
    List<float[]> drawn =
        IntStream.range(0, 8).mapToObj(image -> draw(distortions, seed, epoch, image)).toList();
    float[] all = new float[8 * drawn.get(0).length];
    for (int i = 0; i < 8; i++) {
      System.arraycopy(drawn.get(i), 0, all, i * drawn.get(i).length, drawn.get(i).length);
    }
    return all;
  }

  @Test
  void oneKindDoesNotChangeTheNumbersOfOthers() {
    for (int image = 0; image < 20; image++) {
      float[] one = draw("brightness=0.3,erasing=0.9,mixup=1", 1, 2, image);
      float[] more = draw("flip,crop,brightness=0.3,erasing=0.9,mixup=1,shift", 1, 2, image);
      for (DistortionStage stage :
          List.of(DistortionStage.BRIGHTNESS, DistortionStage.ERASE, DistortionStage.MIX)) {
        assertThat(more[stage.offset(ALL)]).isEqualTo(one[stage.offset(ALL)]);
      }
    }
  }

  /** Computed in Python, with the specified algorithm of java.util.Random. */
  @Test
  void drawIsTheSameOnEveryMachine() {
    float[] numbers = draw("flip,shift=0.5,brightness=0.5", 1, 2, 3);
    int shift = DistortionStage.SHIFT.offset(ALL);
    assertThat(Arrays.copyOfRange(numbers, shift, shift + 3)).containsExactly(-1, 322, 239);
    assertThat(numbers[DistortionStage.BRIGHTNESS.offset(ALL)])
        .isEqualTo((float) 0.5377187944963526);
  }

  /** The variance of Beta(a, a) is 1 / (4 (2 a + 1)). */
  @ParameterizedTest
  @ValueSource(doubles = {0.2, 1, 4})
  void sharesAreBetaDistributed(double shape) {
    Random random = new Random(1);
    Beta beta = new Beta(shape);
    double[] draws = IntStream.range(0, 20_000).mapToDouble(i -> beta.draw(random)).toArray();
    double mean = Arrays.stream(draws).average().orElseThrow();
    double variance =
        Arrays.stream(draws).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    double expected = 1 / (4 * (2 * shape + 1));
    assertThat(mean).isCloseTo(0.5, within(4 * Math.sqrt(expected / draws.length)));
    assertThat(variance).isCloseTo(expected, within(0.04 * expected));
  }

  @Test
  void randAugmentHasItsMagnitude() {
    // 150 / 331 of the side at 30, in 4 of 11 operations' directions.
    double[] shifts = draws("randaugment=1,30", DistortionStage.WARP, 2);
    assertThat(Arrays.stream(shifts).filter(x -> Math.abs(Math.abs(x) - 453.17) < 0.1).count())
        .isBetween(DRAWS / 11 - 75L, DRAWS / 11 + 75L);
    double[] masks = draws("randaugment=1,30", DistortionStage.TONE, 0);
    assertThat(Arrays.stream(masks).filter(mask -> mask == 0xF0).count())
        .isBetween(DRAWS / 11 - 75L, DRAWS / 11 + 75L);
    assertThat(draws("randaugment=4,0", DistortionStage.TONE, 0)).containsOnly(255);
    assertThat(draws("randaugment=4,0", DistortionStage.WARP, 2)).containsOnly(0);
  }
}
