package dev.retrain.finetune.image;

import java.util.SplittableRandom;

/**
 * Ranges of the random distortions of training images during fine-tuning.
 *
 * @param flip whether half of the images are flipped horizontally
 * @param shift largest shift in each direction, as a fraction of the image's side, 0 to 1
 * @param zoom smallest factor of the visible part's side is {@code 1 - zoom}, 0 to 0.9
 * @param rotation largest rotation in either direction, in degrees, 0 to 180
 * @param brightness largest difference of the factor of the values from 1, 0 to 1
 * @param contrast largest difference of the factor of the contrast from 1, 0 to 1
 * @param saturation largest difference of the factor of the saturation from 1, 0 to 1
 * @param erasing probability that a rectangle of 2 to 25 % of the image is erased, 0 to 1 (Z. Zhong
 *     et al., Random Erasing Data Augmentation, 2020)
 * @param mixup parameter of the Beta distribution of the weights of mixed images (H. Zhang et al.,
 *     mixup, 2018); 0 for none
 * @param randAugment number of random operations in addition, 0 to 4 (E. Cubuk et al., RandAugment,
 *     2020); of its operations those that move an image or change its colors linearly
 */
public record ImageDistortions(
    boolean flip,
    double shift,
    double zoom,
    double rotation,
    double brightness,
    double contrast,
    double saturation,
    double erasing,
    double mixup,
    int randAugment) {
  /** Flips, and shifts by up to an eighth. */
  public static final ImageDistortions DEFAULT =
      new ImageDistortions(true, 0.125, 0, 0, 0, 0, 0, 0, 0, 0);

  /** None. */
  public static final ImageDistortions NONE =
      new ImageDistortions(false, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * The distortion of one image.
   *
   * @param transform [8]: from output to input coordinates, as TensorFlow's
   *     ImageProjectiveTransformV3 takes it
   * @param color [3]: factors of brightness, contrast and saturation
   * @param erased [4]: top, left, bottom and right of the erased rectangle, as fractions
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Drawn(float[] transform, float[] color, float[] erased) {}

  /**
   * The random numbers of one image in one epoch; equal arguments give equal numbers.
   *
   * @param image index of the image
   */
  static SplittableRandom random(long seed, int epoch, int image) {
    return new SplittableRandom(mix(mix(seed * 31 + epoch) + image));
  }

  // The finalizer of SplitMix64: neighbouring seeds give unrelated sequences.
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Draws the distortion of one image. */
  Drawn draw(SplittableRandom random, int height, int width) {
    AffineMap map = new AffineMap();
    float[] color = {1, 1, 1};
    // Each number is drawn whether it is used or not, so that one range does not change others.
    boolean flipped = random.nextBoolean();
    if (flip && flipped) {
      map.scale(-1, 1);
    }
    double factor = 1 - zoom * random.nextDouble();
    map.scale(factor, factor);
    map.rotate(Math.toRadians(rotation) * symmetric(random));
    map.move(shift * width * symmetric(random), shift * height * symmetric(random));
    color[0] += (float) (brightness * symmetric(random));
    color[1] += (float) (contrast * symmetric(random));
    color[2] += (float) (saturation * symmetric(random));
    for (int i = 0; i < randAugment; i++) {
      randomOperation(random, map, color, height, width);
    }
    return new Drawn(map.transform(height, width), color, erase(random));
  }

  private static double symmetric(SplittableRandom random) {
    return 2 * random.nextDouble() - 1;
  }

  /** Magnitudes are those of RandAugment at 9 of 30. */
  private static void randomOperation(
      SplittableRandom random, AffineMap map, float[] color, int height, int width) {
    double strength = symmetric(random);
    switch (random.nextInt(9)) {
      case 0 -> map.rotate(Math.toRadians(9) * strength);
      case 1 -> map.shear(0.09 * strength, 0);
      case 2 -> map.shear(0, 0.09 * strength);
      case 3 -> map.move(0.135 * width * strength, 0);
      case 4 -> map.move(0, 0.135 * height * strength);
      case 5 -> color[0] *= (float) (1 + 0.27 * strength);
      case 6 -> color[1] *= (float) (1 + 0.27 * strength);
      case 7 -> color[2] *= (float) (1 + 0.27 * strength);
      default -> {
        // Identity is one of its operations.
      }
    }
  }

  private float[] erase(SplittableRandom random) {
    boolean erased = random.nextDouble() < erasing;
    double area = 0.02 + 0.23 * random.nextDouble();
    double ratio = Math.exp(symmetric(random) * Math.log(3));
    double rows = Math.min(1, Math.sqrt(area * ratio));
    double columns = Math.min(1, Math.sqrt(area / ratio));
    double top = (1 - rows) * random.nextDouble();
    double left = (1 - columns) * random.nextDouble();
    return erased
        ? new float[] {(float) top, (float) left, (float) (top + rows), (float) (left + columns)}
        : new float[4];
  }
}
