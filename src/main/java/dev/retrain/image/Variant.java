package dev.retrain.image;

/**
 * One of several variants that training makes of each image.
 *
 * @param distortion how far it may differ
 * @param number which, from 1
 */
public record Variant(Distortion distortion, int number) {
  /** Checks the range. */
  public Variant {
    if (number < 1) {
      throw new IllegalArgumentException("variants are numbered from 1, not from " + number);
    }
  }

  Distortion.Change of(byte[] content) {
    return distortion.draw(content, number);
  }

  /** Everything it hangs on besides the image, in one line. */
  @Override
  public String toString() {
    return "%d(%s)".formatted(number, distortion);
  }
}
