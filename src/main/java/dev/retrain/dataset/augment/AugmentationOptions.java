package dev.retrain.dataset.augment;

import dev.retrain.image.AffineWarp;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/**
 * Ranges of the warps of offline augmentation. The warp of a copy is drawn uniformly from these
 * ranges and depends only on them, the seed, the image's name and the copy's number.
 *
 * @param rotation maximum rotation in either direction, in degrees, 0 to 180; default 40
 * @param widthShift maximum horizontal shift in either direction, as a fraction of the width, 0 to
 *     1; default 0.2
 * @param heightShift maximum vertical shift in either direction, as a fraction of the height, 0 to
 *     1; default 0.2
 * @param shear tangent of the maximum shear angle in either direction, 0 to 1; default 0.2
 * @param zoom width and height are scaled by independent factors from 1 - zoom to 1 + zoom, 0 to
 *     0.9; default 0.2
 * @param flip whether a copy is flipped horizontally with a probability of one half; default true
 * @param seed seed of the random number generator; default 1
 */
public record AugmentationOptions(
    double rotation,
    double widthShift,
    double heightShift,
    double shear,
    double zoom,
    boolean flip,
    long seed) {
  public static final AugmentationOptions DEFAULT =
      new AugmentationOptions(40, 0.2, 0.2, 0.2, 0.2, true, 1);

  public AugmentationOptions {
    check(Setting.ROTATION, rotation, 180);
    check(Setting.WIDTH_SHIFT, widthShift, 1);
    check(Setting.HEIGHT_SHIFT, heightShift, 1);
    check(Setting.SHEAR, shear, 1);
    check(Setting.ZOOM, zoom, 0.9);
  }

  private static void check(Setting setting, double value, double max) {
    if (!(value >= 0 && value <= max)) {
      throw new InvalidSettingException(
          setting, "must be from 0 to %s, but is %s", text(max), text(value));
    }
  }

  private static String text(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /**
   * Draws the warp of a copy.
   *
   * @param name {@code class/file} of the source image
   * @param number the copy's number, from 1
   */
  public AffineWarp draw(String name, int number) {
    byte[] key =
        String.format(Locale.ROOT, "%d\t%s\t%d", seed, name, number)
            .getBytes(StandardCharsets.UTF_8);
    // Java specifies the numbers of Random for all versions.
    Random random = new Random(ByteBuffer.wrap(Sha256.sha256().digest(key)).getLong());
    // Every number is drawn, so that changing one range does not change the other numbers.
    return new AffineWarp(
        rotation * uniform(random),
        widthShift * uniform(random),
        heightShift * uniform(random),
        shear * uniform(random),
        1 + zoom * uniform(random),
        1 + zoom * uniform(random),
        random.nextBoolean() && flip);
  }

  /** A number from -1 to 1. */
  private static double uniform(Random random) {
    return 2 * random.nextDouble() - 1;
  }
}
