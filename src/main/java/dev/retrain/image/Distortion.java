package dev.retrain.image;

import dev.retrain.util.io.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/**
 * How far variants of an image may differ from it, in the terms of retrain.py. A variant's change
 * is drawn from these ranges, uniformly, and depends on nothing but them, the seed, the image's
 * content and the variant's number.
 *
 * @param flip whether every other variant, by chance, has left and right exchanged
 * @param crop an image is enlarged by so many percent and cut to its size again at a place drawn by
 *     chance, 0 to 100
 * @param scale it is enlarged by up to so many percent more, 0 to 100
 * @param brightness its values are multiplied by a factor of up to so many percent below or above
 *     1, 0 to 100; they are not cut at 255, as retrain.py's are not
 * @param rotation it is turned by up to so many degrees to either side, 0 to 180
 * @param seed start of all randomness
 */
public record Distortion(
    boolean flip, double crop, double scale, double brightness, double rotation, long seed) {
  /** What a variant is where nothing else is said, with seed 1. */
  public static final Distortion DEFAULT = new Distortion(true, 10, 10, 10, 0, 1);

  /** Checks the ranges. */
  public Distortion {
    check("random crop", crop, 100);
    check("random scale", scale, 100);
    check("random brightness", brightness, 100);
    check("random rotation", rotation, 180);
  }

  private static void check(String name, double value, int most) {
    if (!(value >= 0 && value <= most)) {
      throw new IllegalArgumentException(
          "%s must be from 0 to %d, but is %s".formatted(name, most, value));
    }
  }

  /** The same with another seed. */
  public Distortion withSeed(long other) {
    return new Distortion(flip, crop, scale, brightness, rotation, other);
  }

  /** Whether it leaves every image as it is. */
  public boolean changesNothing() {
    return !flip && crop == 0 && scale == 0 && brightness == 0 && rotation == 0;
  }

  /**
   * What becomes of one image.
   *
   * @param warp how its places change
   * @param brightness what its values are multiplied by
   */
  record Change(AffineWarp warp, float brightness) {}

  /**
   * Draws a variant's change.
   *
   * @param content the image file's bytes
   * @param number the variant's number, from 1
   */
  Change draw(byte[] content, int number) {
    byte[] what =
        "%d\t%s\t%d"
            .formatted(seed, Sha256.sha256(content), number)
            .getBytes(StandardCharsets.UTF_8);
    // Random is the one generator whose numbers Java's documentation fixes for all versions.
    Random random = new Random(ByteBuffer.wrap(Sha256.sha256().digest(what)).getLong());
    // All are drawn, whatever the ranges: one option changed changes nothing else.
    double zoom = 1 / ((1 + crop / 100) * (1 + scale / 100 * random.nextDouble()));
    double margin = (1 - zoom) / 2;
    double shiftX = spread(margin, random);
    double shiftY = spread(margin, random);
    double angle = spread(rotation, random);
    float factor = (float) (1 + spread(brightness / 100, random));
    boolean mirrored = random.nextBoolean() && flip;
    return new Change(new AffineWarp(angle, shiftX, shiftY, 0, zoom, zoom, mirrored), factor);
  }

  private static double spread(double range, Random random) {
    // No negative zero: what does not happen is one thing.
    return range * (2 * random.nextDouble() - 1) + 0.0;
  }

  /** All ranges and the seed in one line. */
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
