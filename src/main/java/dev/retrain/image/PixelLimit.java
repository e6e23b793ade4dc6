package dev.retrain.image;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.Locale;

/**
 * Maximum number of pixels of an image, which is checked before the image is decoded: a small file
 * can declare a size that fills the memory.
 *
 * @param max width times height, from 1 to {@value #HIGHEST}
 * @param name what messages call this limit, in the words of who sets it
 */
public record PixelLimit(long max, String name) {
  /** 200 megapixels. */
  public static final long DEFAULT_MAX = 200_000_000;

  /** TensorFlow decodes no larger images. */
  public static final long HIGHEST = (1L << 29) - 1;

  public static final PixelLimit DEFAULT = new PixelLimit(DEFAULT_MAX);

  public PixelLimit {
    if (max < 1 || max > HIGHEST) {
      throw new InvalidSettingException(
          Setting.MAX_PIXELS, "must be from 1 to %,d, but is %,d", HIGHEST, max);
    }
  }

  /** A limit that messages call {@link Setting#MAX_PIXELS}. */
  public PixelLimit(long max) {
    this(max, Setting.MAX_PIXELS.phrase());
  }

  /**
   * Checks the size of an image, as its header declares it.
   *
   * @param width number of columns, at least 0
   * @param height number of rows, at least 0
   * @throws UnreadableImageException if it has too many pixels
   */
  public void check(long width, long height) throws UnreadableImageException {
    if (width > 0 && height > max / width) {
      throw new UnreadableImageException(
          String.format(
              Locale.ROOT,
              "it has %,d x %,d pixels, more than the limit of %,d; raise %s or reduce the image",
              width,
              height,
              max,
              name));
    }
  }
}
