package dev.retrain.image;

import java.util.Locale;

/**
 * One of several randomly distorted variants of each training image.
 *
 * @param distortion ranges of the distortion
 * @param number the variant's number, from 1
 */
public record Variant(Distortion distortion, int number) {
  public Variant {
    if (number < 1) {
      throw new IllegalArgumentException(
          "the number of a variant must be at least 1, but is " + number);
    }
  }

  public Distortion.Change draw(byte[] content) {
    return distortion.draw(content, number);
  }

  /** All parameters in one line, which is part of the backbone identity of the cache. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d(%s)", number, distortion);
  }
}
