package dev.retrain.image;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * How an image is prepared for a backbone: resized to {@code height} x {@code width} (TensorFlow's
 * ResizeBilinear without aligned corners and half-pixel centers, as in retrain.py and the graph of
 * 2015), then its color values from 0 to 255 are normalized. {@link
 * dev.retrain.image.decode.ImageDecoder} applies it.
 *
 * @param height number of rows, 1 to 4096
 * @param width number of columns, 1 to 4096
 * @param normalization how values are scaled, and the order of the channels
 * @param resize what happens to the aspect ratio
 * @param jpegScale divisor of the height and width at which JPEG files are decoded: 1 (the
 *     default), 2, 4 or 8. Values above 1 decode large photographs much faster, with different
 *     results; other formats are always decoded at full size
 * @param variant a random distortion of the resized image before its values are scaled; absent by
 *     default
 * @param pixelLimit maximum size of an image; no part of the cache's key, because it changes no
 *     vector
 */
public record Preprocessing(
    int height,
    int width,
    Normalization normalization,
    ResizeMode resize,
    int jpegScale,
    Optional<Variant> variant,
    PixelLimit pixelLimit) {
  /** The divisors that the JPEG library supports. */
  private static final Set<Integer> JPEG_SCALES = Set.of(1, 2, 4, 8);

  public Preprocessing {
    if (!JPEG_SCALES.contains(jpegScale)) {
      throw new InvalidSettingException(
          Setting.JPEG_SCALE, "must be 1, 2, 4 or 8, but is %d", jpegScale);
    }
    if (height < 1 || width < 1 || height > 4096 || width > 4096) {
      throw new InvalidSettingException(
          Setting.SIZE, "must be from 1,1 to 4096,4096, but is %d,%d", height, width);
    }
  }

  /** Stretched, with JPEG scale 1, no variant, and the default limit of pixels. */
  public Preprocessing(int height, int width, Normalization normalization) {
    this(height, width, normalization, ResizeMode.STRETCH, 1, Optional.empty(), PixelLimit.DEFAULT);
  }

  /** The same with one mean and standard deviation for red, green and blue, in this order. */
  public Preprocessing(int height, int width, float mean, float std) {
    this(height, width, Normalization.of(mean, std));
  }

  /** The same preprocessing with another resize mode. */
  public Preprocessing with(ResizeMode other) {
    return new Preprocessing(height, width, normalization, other, jpegScale, variant, pixelLimit);
  }

  /** The same preprocessing to another size, in pixels. */
  public Preprocessing withSize(int otherHeight, int otherWidth) {
    return new Preprocessing(
        otherHeight, otherWidth, normalization, resize, jpegScale, variant, pixelLimit);
  }

  /** The same preprocessing with another JPEG scale. */
  public Preprocessing withJpegScale(int scale) {
    return new Preprocessing(height, width, normalization, resize, scale, variant, pixelLimit);
  }

  /** The same preprocessing for a variant of each image. */
  public Preprocessing withVariant(Variant other) {
    return new Preprocessing(
        height, width, normalization, resize, jpegScale, Optional.of(other), pixelLimit);
  }

  /** The same preprocessing with another limit of pixels. */
  public Preprocessing withPixelLimit(PixelLimit limit) {
    return new Preprocessing(height, width, normalization, resize, jpegScale, variant, limit);
  }

  /** Adds the operations that normalize values. */
  public Operand<TFloat32> scale(Ops tf, Operand<TFloat32> values) {
    return normalization.add(tf, values);
  }

  /** Number of floats of one image: {@code height * width * 3}. */
  public int imageLength() {
    return height * width * 3;
  }
}
