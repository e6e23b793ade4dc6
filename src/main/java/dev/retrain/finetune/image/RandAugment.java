package dev.retrain.finetune.image;

import java.util.Random;

/**
 * Random operations of one magnitude (E. Cubuk et al., RandAugment, 2020), with the magnitudes of
 * torchvision: of its 14 operations all but those that need a histogram or a convolution
 * (equalization, automatic contrast, sharpness). Tones are changed before an image is moved, and
 * other colors after that, whatever the order of the operations.
 */
final class RandAugment {
  static final double MAX_MAGNITUDE = 30;
  static final double USUAL_MAGNITUDE = 9;

  private static final int OPERATIONS = 11;

  private RandAugment() {}

  /** Adds operations to a distortion. */
  static void add(Random random, int operations, double magnitude, DrawnDistortion distortion) {
    for (int i = 0; i < operations; i++) {
      int operation = random.nextInt(OPERATIONS);
      double strength = magnitude / MAX_MAGNITUDE;
      add(operation, strength, random.nextBoolean() ? strength : -strength, distortion);
    }
  }

  private static void add(
      int operation, double strength, double signed, DrawnDistortion distortion) {
    switch (operation) {
      case 0 -> distortion.rotate(30 * signed);
      case 1 -> distortion.shear(0.3 * signed, 0);
      case 2 -> distortion.shear(0, 0.3 * signed);
      case 3 -> distortion.shift(150.0 / 331 * signed, 0);
      case 4 -> distortion.shift(0, 150.0 / 331 * signed);
      case 5 -> distortion.brighten(1 + 0.9 * signed);
      case 6 -> distortion.contrast(1 + 0.9 * signed);
      case 7 -> distortion.saturate(1 + 0.9 * signed);
      case 8 -> distortion.posterize(8 - (int) Math.rint(4 * strength));
      case 9 -> distortion.solarize(255 * (1 - strength));
      default -> {
        // The last one changes nothing.
      }
    }
  }
}
