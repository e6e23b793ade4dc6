package dev.retrain.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.testing.TestImages;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DistortionTest {
  private static final int SIZE = 24;
  private static final Preprocessing PLAIN = new Preprocessing(SIZE, SIZE, 100, 50);

  private static byte[] content(int number) {
    return ("image " + number).getBytes(StandardCharsets.UTF_8);
  }

  private static List<Distortion.Change> draws(Distortion distortion) {
    return IntStream.range(0, 2000).mapToObj(i -> distortion.draw(content(i), 1 + i % 3)).toList();
  }

  @Test
  void distortionDependsOnContentNumberAndSeed() {
    Distortion all = new Distortion(true, 10, 20, 30, 40, 1);
    assertThat(all.draw(content(1), 1)).isEqualTo(all.draw(content(1), 1));
    assertThat(all.draw(content(1), 1)).isNotEqualTo(all.draw(content(2), 1));
    assertThat(all.draw(content(1), 1)).isNotEqualTo(all.draw(content(1), 2));
    assertThat(all.draw(content(1), 1)).isNotEqualTo(all.withSeed(2).draw(content(1), 1));
  }

  @Test
  void distortionsFillTheirRanges() {
    List<Distortion.Change> draws = draws(new Distortion(true, 25, 60, 30, 40, 1));
    assertThat(draws.stream().filter(change -> change.warp().flip()).count())
        .isBetween(900L, 1100L);
    // Between 1 / (1.25 * 1.6) and 1 / 1.25 of the image is visible.
    assertThat(draws).allSatisfy(c -> assertThat(c.warp().zoomX()).isBetween(0.5, 0.8));
    assertThat(draws.stream().mapToDouble(c -> c.warp().zoomX()).min().orElseThrow())
        .isLessThan(0.51);
    assertThat(draws.stream().mapToDouble(c -> c.warp().zoomX()).max().orElseThrow())
        .isGreaterThan(0.79);
    assertThat(draws)
        .allSatisfy(
            c -> {
              // The visible part lies within the image.
              double margin = (1 - c.warp().zoomX()) / 2 + 1e-12;
              assertThat(c.warp().zoomY()).isEqualTo(c.warp().zoomX());
              assertThat(Math.abs(c.warp().shiftX())).isLessThanOrEqualTo(margin);
              assertThat(Math.abs(c.warp().shiftY())).isLessThanOrEqualTo(margin);
              assertThat(c.brightness()).isBetween(0.7f, 1.3f);
              assertThat(c.warp().rotation()).isBetween(-40.0, 40.0);
            });
    assertThat(draws.stream().mapToDouble(Distortion.Change::brightness).min().orElseThrow())
        .isLessThan(0.71);
    assertThat(draws.stream().mapToDouble(c -> c.warp().rotation()).max().orElseThrow())
        .isGreaterThan(39);
  }

  @Test
  void emptyRangesChangeNothing() {
    assertThat(draws(new Distortion(false, 0, 0, 0, 0, 1)))
        .containsOnly(new Distortion.Change(AffineWarp.NONE, 1));
    assertThat(new Distortion(false, 0, 0, 0, 0, 1).changesNothing()).isTrue();
    assertThat(Distortion.DEFAULT.changesNothing()).isFalse();
  }

  @Test
  void variantEqualsReference() throws UnreadableImageException {
    BufferedImage image = TestImages.noise(SIZE, SIZE, 7);
    byte[] file = TestImages.file(image, "png");
    for (int number = 1; number <= 8; number++) {
      Variant variant = new Variant(new Distortion(true, 10, 20, 30, 40, 1), number);
      Distortion.Change change = variant.draw(file);
      float[] values;
      try (ImageDecoder decoder = new ImageDecoder(PLAIN.withVariant(variant))) {
        values = decoder.decode(file);
      }
      WarpedPixels warped = new WarpedPixels(image, change.warp());
      for (int i = 0; i < values.length; i++) {
        int pixel = i / 3;
        double expected = warped.value(pixel % SIZE, pixel / SIZE, i % 3) * change.brightness();
        assertThat(values[i]).isCloseTo((float) ((expected - 100) / 50), within(1e-3f));
      }
    }
  }

  @Test
  void flippedVariantHasReversedColumns() throws UnreadableImageException {
    byte[] file = TestImages.file(TestImages.noise(40, 30, 3), "png");
    int flipped = 0;
    try (ImageDecoder plain = new ImageDecoder(PLAIN)) {
      float[] values = plain.decode(file);
      for (int number = 1; number <= 12; number++) {
        Variant variant = new Variant(new Distortion(true, 0, 0, 0, 0, 1), number);
        boolean flip = variant.draw(file).warp().flip();
        flipped += flip ? 1 : 0;
        try (ImageDecoder decoder = new ImageDecoder(PLAIN.withVariant(variant))) {
          assertThat(decoder.decode(file)).containsExactly(flip ? flip(values) : values);
        }
      }
    }
    assertThat(flipped).isBetween(1, 11);
  }

  private static float[] flip(float[] values) {
    float[] flipped = new float[values.length];
    for (int row = 0; row < SIZE; row++) {
      for (int column = 0; column < SIZE; column++) {
        System.arraycopy(
            values, 3 * (row * SIZE + column), flipped, 3 * (row * SIZE + SIZE - 1 - column), 3);
      }
    }
    return flipped;
  }

  @Test
  void valuesOutsideTheirRangesAreRejected() {
    assertThatThrownBy(() -> new Distortion(true, 101, 0, 0, 0, 1))
        .isInstanceOfSatisfying(
            InvalidSettingException.class,
            e -> assertThat(e.setting()).isEqualTo(Setting.RANDOM_CROP));
    assertThatThrownBy(() -> new Distortion(true, 0, 0, 0, Double.NaN, 1))
        .isInstanceOfSatisfying(
            InvalidSettingException.class,
            e -> assertThat(e.setting()).isEqualTo(Setting.RANDOM_ROTATION));
    assertThatThrownBy(() -> new Variant(Distortion.DEFAULT, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
