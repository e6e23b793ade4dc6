package dev.retrain.finetune.image;

import java.util.Random;

/**
 * Draws the distortions of images. Equal arguments give equal distortions, on every version of
 * Java.
 *
 * @param distortions the ranges
 * @param seed seed of the random numbers
 */
record DistortionSampler(ImageDistortions distortions, long seed) {
  // Independent sequences, so that one kind does not change the numbers of another one.
  private static final int RANGES = 0;
  private static final int RANDAUGMENT = 1;
  private static final int MIXUP = 2;

  /** Largest change of the aspect ratio of a crop. */
  private static final double CROP_RATIO = 4.0 / 3;

  /**
   * Draws the distortion of an image.
   *
   * @param epoch index of the epoch
   * @param image index of the image
   * @param height its rows
   * @param width its columns
   * @param grayMean mean of its luminance
   */
  DrawnDistortion draw(int epoch, int image, int height, int width, double grayMean) {
    DrawnDistortion drawn = new DrawnDistortion(height, width, grayMean);
    addRanges(random(epoch, image, RANGES), drawn);
    RandAugment.add(
        random(epoch, image, RANDAUGMENT),
        (int) value(DistortionKind.RANDAUGMENT),
        distortions.magnitude(),
        drawn);
    if (distortions.has(DistortionKind.MIXUP)) {
      Beta shares = new Beta(value(DistortionKind.MIXUP));
      double share = shares.draw(random(epoch, image, MIXUP));
      drawn.mix(Math.max(share, 1 - share));
    }
    return drawn;
  }

  // Random's numbers are specified; those of other generators may change with Java's version.
  private Random random(int epoch, int image, int sequence) {
    return new Random(mix(mix(mix(seed * 31 + epoch) + image) + sequence));
  }

  // The finalizer of SplitMix64: neighboring seeds give unrelated sequences.
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private double value(DistortionKind kind) {
    return distortions.value(kind);
  }

  /** A number from {@code -value} to {@code value}. */
  private double symmetric(DistortionKind kind, Random random) {
    return value(kind) * (2 * random.nextDouble() - 1);
  }

  // Every number is drawn, so that changing one range does not change the other numbers.
  private void addRanges(Random random, DrawnDistortion drawn) {
    boolean flipped = random.nextBoolean();
    drawn.shift(symmetric(DistortionKind.SHIFT, random), symmetric(DistortionKind.SHIFT, random));
    drawn.rotate(symmetric(DistortionKind.ROTATION, random));
    drawn.shear(symmetric(DistortionKind.SHEAR, random), 0);
    drawn.scale(
        1 + symmetric(DistortionKind.ZOOM, random), 1 + symmetric(DistortionKind.ZOOM, random));
    addCrop(random, drawn);
    if (flipped && distortions.has(DistortionKind.FLIP)) {
      drawn.flip();
    }
    drawn.brighten(1 + symmetric(DistortionKind.BRIGHTNESS, random));
    drawn.contrast(1 + symmetric(DistortionKind.CONTRAST, random));
    drawn.saturate(1 + symmetric(DistortionKind.SATURATION, random));
    addErasing(random, drawn);
  }

  private void addCrop(Random random, DrawnDistortion drawn) {
    double area = 1 - value(DistortionKind.CROP) * random.nextDouble();
    double ratio = ratio(CROP_RATIO, random);
    double right = random.nextDouble() - 0.5;
    double down = random.nextDouble() - 0.5;
    if (distortions.has(DistortionKind.CROP)) {
      drawn.crop(
          Math.min(1, Math.sqrt(area * ratio)), Math.min(1, Math.sqrt(area / ratio)), right, down);
    }
  }

  private void addErasing(Random random, DrawnDistortion drawn) {
    boolean erased = random.nextDouble() < value(DistortionKind.ERASING);
    // The ranges of the paper's experiments.
    double area = 0.02 + 0.31 * random.nextDouble();
    double ratio = ratio(1 / 0.3, random);
    double rows = Math.min(1, Math.sqrt(area * ratio));
    double columns = Math.min(1, Math.sqrt(area / ratio));
    double top = (1 - rows) * random.nextDouble();
    double left = (1 - columns) * random.nextDouble();
    if (erased) {
      drawn.erase(top, left, rows, columns);
    }
  }

  /** From {@code 1 / largest} to {@code largest}, on a logarithmic scale. */
  private static double ratio(double largest, Random random) {
    return Math.exp(Math.log(largest) * (2 * random.nextDouble() - 1));
  }
}
