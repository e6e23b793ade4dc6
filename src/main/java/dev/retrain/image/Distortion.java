package dev.retrain.image;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/**
 * Ranges of the random distortions of training images, with the meaning of retrain.py's options.
 * The distortion of a variant is drawn uniformly from these ranges and depends only on them, the
 * seed, the image's content and the variant's number.
 *
 * @param flip whether a variant is flipped horizontally with a probability of one half
 * @param crop percentage by which the image is enlarged before it is cropped to its size at a
 *     random position, 0 to 100
 * @param scale maximum percentage by which it is enlarged in addition, 0 to 100
 * @param brightness maximum percentage by which the factor of its values differs from 1, 0 to 100;
 *     values are not clipped at 255, as in retrain.py
 * @param rotation maximum rotation in either direction, in degrees, 0 to 180
 * @param seed seed of the random number generator
 */
public record Distortion(
    boolean flip, double crop, double scale, double brightness, double rotation, long seed) {
  /** The defaults: flip, 10% crop, scale and brightness, no rotation, seed 1. */
  public static final Distortion DEFAULT = new Distortion(true, 10, 10, 10, 0, 1);

  public Distortion {
    check(Setting.RANDOM_CROP, crop, 100);
    check(Setting.RANDOM_SCALE, scale, 100);
    check(Setting.RANDOM_BRIGHTNESS, brightness, 100);
    check(Setting.RANDOM_ROTATION, rotation, 180);
  }

  private static void check(Setting setting, double value, int max) {
    if (!(value >= 0 && value <= max)) {
      throw new InvalidSettingException(setting, "must be from 0 to %d, but is %s", max, value);
    }
  }

  /** The same ranges with another seed. */
  public Distortion withSeed(long other) {
    return new Distortion(flip, crop, scale, brightness, rotation, other);
  }

  /** Whether no image is changed. */
  public boolean changesNothing() {
    return !flip && crop == 0 && scale == 0 && brightness == 0 && rotation == 0;
  }

  /**
   * The distortion of one variant.
   *
   * @param warp the geometric distortion
   * @param brightness the factor of the values
   */
  record Change(AffineWarp warp, float brightness) {}

  /**
   * Draws the distortion of a variant.
   *
   * @param content the image file's bytes
   * @param number the variant's number, from 1
   */
  Change draw(byte[] content, int number) {
    byte[] key =
        String.format(Locale.ROOT, "%d\t%s\t%d", seed, Sha256.sha256(content), number)
            .getBytes(StandardCharsets.UTF_8);
    // Java specifies the numbers of Random for all versions.
    Random random = new Random(ByteBuffer.wrap(Sha256.sha256().digest(key)).getLong());
    // Every number is drawn, so that changing one range does not change the other numbers.
    double zoom = 1 / ((1 + crop / 100) * (1 + scale / 100 * random.nextDouble()));
    double margin = (1 - zoom) / 2;
    double shiftX = uniform(margin, random);
    double shiftY = uniform(margin, random);
    double angle = uniform(rotation, random);
    float factor = (float) (1 + uniform(brightness / 100, random));
    boolean flipped = random.nextBoolean() && flip;
    return new Change(new AffineWarp(angle, shiftX, shiftY, 0, zoom, zoom, flipped), factor);
  }

  /** A number from -range to range. */
  private static double uniform(double range, Random random) {
    // Avoids negative zero, so that distortions without an effect are equal.
    return range * (2 * random.nextDouble() - 1) + 0.0;
  }

  /** All ranges and the seed in one line, which is part of the backbone identity of the cache. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "flip=%s,crop=%s,scale=%s,brightness=%s,rotation=%s,seed=%d",
        flip,
        crop,
        scale,
        brightness,
        rotation,
        seed);
  }
}
