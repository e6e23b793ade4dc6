package dev.retrain.backbone.signature.range;

import dev.retrain.image.Normalization;

/** Ranges of color values in messages. */
final class ColorText {
  private ColorText() {}

  /** The name of a usual range, {@code torch}; otherwise as {@link #of}. */
  static String brief(Normalization normalization) {
    return ValueRange.of(normalization)
        .map(ValueRange::toString)
        .orElseGet(normalization::toString);
  }

  /** Such as {@code -1,1} or {@code (value - 127.0) / 128.0}. */
  static String of(Normalization normalization) {
    return ValueRange.of(normalization)
        .filter(ValueRange.BOUNDS::contains)
        .map(ValueRange::toString)
        .orElseGet(normalization::toString);
  }
}
