package dev.retrain.picture;

/**
 * What a picture becomes before it enters a network: resized to {@code height} x {@code width}
 * without keeping its proportions (TensorFlow's ResizeBilinear, neither aligned corners nor
 * half-pixel centres, as retrain.py and the 2015 graph do), then {@code (value - mean) * (1 / std)}
 * of each of red, green and blue, 0 to 255.
 *
 * @param height rows, in pixels
 * @param width columns, in pixels
 * @param mean subtracted, in the unit of the picture (0 to 255)
 * @param std divides, above 0
 */
public record Preprocessing(int height, int width, float mean, float std) {
  /** Checks the ranges. */
  public Preprocessing {
    if (height < 1 || width < 1 || height > 4096 || width > 4096) {
      throw new IllegalArgumentException(
          "picture size must be from 1,1 to 4096,4096, but is %d,%d".formatted(height, width));
    }
    if (!Float.isFinite(mean)) {
      throw new IllegalArgumentException("mean must be a number, but is " + mean);
    }
    if (!(std > 0) || !Float.isFinite(std)) {
      throw new IllegalArgumentException("std must be above 0, but is " + std);
    }
  }

  /** Floats of one picture: {@code height * width * 3}. */
  public int pictureLength() {
    return height * width * 3;
  }
}
