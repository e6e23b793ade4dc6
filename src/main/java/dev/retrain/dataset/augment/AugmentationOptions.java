package dev.retrain.dataset.augment;

import dev.retrain.image.AffineWarp;
import dev.retrain.util.io.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * How far copies may differ from their images. Each copy's change is drawn from these ranges,
 * uniformly, and depends on nothing but them, the seed, the image's name and the copy's number.
 *
 * @param rotation up to so many degrees to either side, 0 to 180; default 40
 * @param widthShift up to such a share of the width to either side, 0 to 1; default 0.2
 * @param heightShift up to such a share of the height up or down, 0 to 1; default 0.2
 * @param shear tangent of the angle up to which columns lean to either side, 0 to 1; default 0.2
 * @param zoom width and height are each scaled by a factor of their own between 1 - zoom and 1 +
 *     zoom, 0 to 0.9; default 0.2
 * @param flip whether every other copy, by chance, has left and right exchanged; default true
 * @param seed start of all randomness; default 1
 */
public record AugmentationOptions(
    double rotation,
    double widthShift,
    double heightShift,
    double shear,
    double zoom,
    boolean flip,
    long seed) {
  /** What the tool's predecessor used. */
  public static final AugmentationOptions DEFAULT =
      new AugmentationOptions(40, 0.2, 0.2, 0.2, 0.2, true, 1);

  /** Checks the ranges. */
  public AugmentationOptions {
    check("rotation", rotation, 180);
    check("width shift", widthShift, 1);
    check("height shift", heightShift, 1);
    check("shear", shear, 1);
    check("zoom", zoom, 0.9);
  }

  private static void check(String name, double value, double most) {
    if (!(value >= 0 && value <= most)) {
      throw new IllegalArgumentException(
          "%s must be from 0 to %s, but is %s".formatted(name, text(most), text(value)));
    }
  }

  private static String text(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /**
   * Draws a copy's change.
   *
   * @param name {@code class/file} of its source
   * @param number the copy's number, from 1
   * @return how the copy differs
   */
  public AffineWarp draw(String name, int number) {
    byte[] what = "%d\t%s\t%d".formatted(seed, name, number).getBytes(StandardCharsets.UTF_8);
    // Random is the one generator whose numbers Java's documentation fixes for all versions.
    Random random = new Random(ByteBuffer.wrap(Sha256.sha256().digest(what)).getLong());
    // All are drawn, whatever the ranges: one option changed changes nothing else.
    return new AffineWarp(
        rotation * spread(random),
        widthShift * spread(random),
        heightShift * spread(random),
        shear * spread(random),
        1 + zoom * spread(random),
        1 + zoom * spread(random),
        random.nextBoolean() && flip);
  }

  private static double spread(Random random) {
    return 2 * random.nextDouble() - 1;
  }
}
