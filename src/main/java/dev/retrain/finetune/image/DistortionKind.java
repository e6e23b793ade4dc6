package dev.retrain.finetune.image;

import java.util.Locale;

/** The kinds of random distortions of training images, and the range of each. */
public enum DistortionKind {
  /** Half of the images are flipped horizontally; 1, or 0 for no flips. */
  FLIP(1, 1),
  /** Largest shift in each direction, as a fraction of the image's side. */
  SHIFT(1, 0.125),
  /**
   * A random part of the image is shown, with {@code 1 - crop} to 1 of its area and a change of the
   * aspect ratio by up to 4/3 (C. Szegedy et al., Going Deeper with Convolutions, 2015).
   */
  CROP(0.95, 0.5),
  /** Width and height are scaled by independent factors from {@code 1 - zoom} to 1 + zoom. */
  ZOOM(0.9, 0.1),
  /** Largest rotation in either direction, in degrees. */
  ROTATION(180, 10),
  /** Tangent of the largest shear angle in either direction. */
  SHEAR(1, 0.1),
  /** Largest difference of the factor of all values from 1. */
  BRIGHTNESS(1, 0.2),
  /** Largest difference from 1 of the factor of the distance to the image's mean luminance. */
  CONTRAST(1, 0.2),
  /** Largest difference from 1 of the factor of the distance to each pixel's luminance. */
  SATURATION(1, 0.2),
  /**
   * Probability that a rectangle of 2 to 33% of the image becomes gray (Z. Zhong et al., Random
   * Erasing Data Augmentation, 2020).
   */
  ERASING(1, 0.25),
  /**
   * Parameter of the Beta distribution of the shares of two images that are mixed, as their labels
   * are (H. Zhang et al., mixup, 2018).
   */
  MIXUP(10, 0.2),
  /**
   * Number of random operations in addition (E. Cubuk et al., RandAugment, 2020), an integer; see
   * {@link RandAugment}.
   */
  RANDAUGMENT(16, 2);

  private final double max;
  private final double usual;

  DistortionKind(double max, double usual) {
    this.max = max;
    this.usual = usual;
  }

  /** The largest value; the smallest is 0, which means that images are not distorted so. */
  public double max() {
    return max;
  }

  /** The value of a word without a number. */
  public double usual() {
    return usual;
  }

  /** Whether only integers make sense. */
  boolean isInteger() {
    return this == FLIP || this == RANDAUGMENT;
  }

  /** Its word in a list of distortions: the lower-case name. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A number without decimals if it is an integer. */
  static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
