package dev.retrain.dataset.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retrain.image.AffineWarp;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmentationOptionsTest {
  private static final AugmentationOptions OPTIONS =
      new AugmentationOptions(40, 0.1, 0.2, 0.3, 0.25, true, 1);

  private static List<AffineWarp> draws(AugmentationOptions options) {
    return IntStream.rangeClosed(1, 4000).mapToObj(n -> options.draw("cat/1.jpg", n)).toList();
  }

  private static void assertUniform(ToDoubleFunction<AffineWarp> value, double from, double to) {
    double[] values = draws(OPTIONS).stream().mapToDouble(value).sorted().toArray();
    double width = to - from;
    // The quartiles of 4,000 uniform draws lie within 0.7 % (one standard deviation) of their own.
    assertThat(values[0]).isBetween(from, from + 0.01 * width);
    assertThat(values[1000]).isCloseTo(from + 0.25 * width, within(0.03 * width));
    assertThat(values[2000]).isCloseTo(from + 0.5 * width, within(0.03 * width));
    assertThat(values[3000]).isCloseTo(from + 0.75 * width, within(0.03 * width));
    assertThat(values[3999]).isBetween(to - 0.01 * width, to);
  }

  @Test
  void rangesAreFilledUniformly() {
    assertUniform(AffineWarp::rotation, -40, 40);
    assertUniform(AffineWarp::shiftX, -0.1, 0.1);
    assertUniform(AffineWarp::shiftY, -0.2, 0.2);
    assertUniform(AffineWarp::shear, -0.3, 0.3);
    assertUniform(AffineWarp::zoomX, 0.75, 1.25);
    assertUniform(AffineWarp::zoomY, 0.75, 1.25);
    assertThat(draws(OPTIONS).stream().filter(AffineWarp::flip).count()).isBetween(1900L, 2100L);
  }

  @Test
  void zoomsAreIndependent() {
    assertThat(draws(OPTIONS)).noneMatch(warp -> warp.zoomX() == warp.zoomY());
  }

  @Test
  void warpDependsOnSeedNameAndNumber() {
    AffineWarp warp = OPTIONS.draw("cat/1.jpg", 3);

    assertThat(OPTIONS.draw("cat/1.jpg", 3)).isEqualTo(warp);
    assertThat(OPTIONS.draw("cat/1.jpg", 4).rotation()).isNotEqualTo(warp.rotation());
    assertThat(OPTIONS.draw("dog/1.jpg", 3).rotation()).isNotEqualTo(warp.rotation());
    assertThat(new AugmentationOptions(40, 0.1, 0.2, 0.3, 0.25, true, 2).draw("cat/1.jpg", 3))
        .isNotEqualTo(warp);
  }

  @Test
  void changedRangeKeepsOtherNumbers() {
    AffineWarp with = OPTIONS.draw("cat/1.jpg", 3);
    AffineWarp without =
        new AugmentationOptions(0, 0.1, 0.2, 0.3, 0.25, true, 1).draw("cat/1.jpg", 3);

    assertThat(without)
        .isEqualTo(
            new AffineWarp(
                without.rotation(),
                with.shiftX(),
                with.shiftY(),
                with.shear(),
                with.zoomX(),
                with.zoomY(),
                with.flip()));
    assertThat(without.rotation()).isZero();
  }

  @Test
  void flipIsOptional() {
    assertThat(draws(new AugmentationOptions(40, 0, 0, 0, 0, false, 1)))
        .noneMatch(AffineWarp::flip)
        .allMatch(warp -> warp.zoomX() == 1 && warp.shiftX() == 0);
  }

  @ParameterizedTest
  @CsvSource({
    "181, 0, 0, 0, 0, ROTATION",
    "-1, 0, 0, 0, 0, ROTATION",
    "NaN, 0, 0, 0, 0, ROTATION",
    "0, 1.5, 0, 0, 0, WIDTH_SHIFT",
    "0, 0, -0.1, 0, 0, HEIGHT_SHIFT",
    "0, 0, 0, 2, 0, SHEAR",
    "0, 0, 0, 0, 1, ZOOM"
  })
  void valuesOutsideTheirRangesAreRejected(
      double rotation, double width, double height, double shear, double zoom, Setting setting) {
    assertThatThrownBy(() -> new AugmentationOptions(rotation, width, height, shear, zoom, true, 1))
        .isInstanceOfSatisfying(
            InvalidSettingException.class, e -> assertThat(e.setting()).isEqualTo(setting));
  }
}
