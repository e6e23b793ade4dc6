package dev.retrain.image;

import java.util.Optional;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * What an image becomes before it enters a network: resized to {@code height} x {@code width}
 * without keeping its proportions (TensorFlow's ResizeBilinear, neither aligned corners nor
 * half-pixel centres, as retrain.py and the 2015 graph do), then {@code (value - mean) * (1 / std)}
 * of each of red, green and blue, 0 to 255.
 *
 * @param height rows, in pixels
 * @param width columns, in pixels
 * @param mean subtracted, in the unit of the image (0 to 255)
 * @param std divides, above 0
 * @param jpegScale JPEG files are decoded at one part in so many of their height and width: 1 (as
 *     they are, the default), 2, 4 or 8. Large photographs are decoded much faster so, to other
 *     pixels; other files are decoded as they are
 * @param variant how the resized image is changed before its values are scaled; absent, the
 *     default, leaves it as it is
 */
public record Preprocessing(
    int height, int width, float mean, float std, int jpegScale, Optional<Variant> variant) {
  /** What the JPEG library can do. */
  private static final Set<Integer> JPEG_SCALES = Set.of(1, 2, 4, 8);

  /** Checks the ranges. */
  public Preprocessing {
    if (!JPEG_SCALES.contains(jpegScale)) {
      throw new IllegalArgumentException("JPEG scale must be 1, 2, 4 or 8, but is " + jpegScale);
    }
    if (height < 1 || width < 1 || height > 4096 || width > 4096) {
      throw new IllegalArgumentException(
          "image size must be from 1,1 to 4096,4096, but is %d,%d".formatted(height, width));
    }
    if (!Float.isFinite(mean)) {
      throw new IllegalArgumentException("mean must be a number, but is " + mean);
    }
    if (!(std > 0) || !Float.isFinite(std)) {
      throw new IllegalArgumentException("std must be above 0, but is " + std);
    }
  }

  /** With JPEG files decoded as they are, and no change. */
  public Preprocessing(int height, int width, float mean, float std) {
    this(height, width, mean, std, 1, Optional.empty());
  }

  /** The same with another scale of JPEG files. */
  public Preprocessing withJpegScale(int scale) {
    return new Preprocessing(height, width, mean, std, scale, variant);
  }

  /** The same for a variant of each image. */
  public Preprocessing with(Variant of) {
    return new Preprocessing(height, width, mean, std, jpegScale, Optional.of(of));
  }

  /** Adds the scaling of values. */
  Operand<TFloat32> scale(Ops tf, Operand<TFloat32> values) {
    // retrain.py multiplies by the reciprocal, too.
    return tf.math.mul(tf.math.sub(values, tf.constant(mean)), tf.constant(1f / std));
  }

  /** Floats of one image: {@code height * width * 3}. */
  public int imageLength() {
    return height * width * 3;
  }
}
