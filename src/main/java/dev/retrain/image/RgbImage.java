package dev.retrain.image;

import java.util.Locale;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TUint8;

/** The pixels of an image: red, green and blue, 0 to 255. */
public final class RgbImage {
  /** Maximum number of pixels: protects against small files that would fill the memory. */
  private static final long MAX_PIXELS = 1L << 28;

  private final int height;
  private final int width;
  private final byte[] rgb;

  /**
   * @param height number of rows, at least 1
   * @param width number of columns, at least 1
   * @param rgb [height, width, 3], flat, row by row, as unsigned bytes; not copied
   */
  public RgbImage(int height, int width, byte[] rgb) {
    this.height = height;
    this.width = width;
    this.rgb = rgb;
  }

  /** Copies a tensor [height, width, 3]. */
  public static RgbImage fromTensor(TUint8 tensor) {
    Shape shape = tensor.shape();
    byte[] rgb = new byte[Math.toIntExact(shape.size())];
    tensor.asRawTensor().data().read(rgb);
    return new RgbImage((int) shape.get(0), (int) shape.get(1), rgb);
  }

  /**
   * Checks the size of an image before it is decoded.
   *
   * @param pixels width times height
   * @throws UnreadableImageException if it has too many pixels
   */
  public static void checkPixels(long pixels) throws UnreadableImageException {
    if (pixels > MAX_PIXELS) {
      throw new UnreadableImageException(
          String.format(Locale.ROOT, "it has %,d pixels; the limit is %,d", pixels, MAX_PIXELS));
    }
  }

  /** The pixels as a tensor [height, width, 3], which the caller closes. */
  public TUint8 tensor() {
    return TUint8.tensorOf(Shape.of(height, width, 3), DataBuffers.of(rgb));
  }

  /** Number of rows. */
  public int height() {
    return height;
  }

  /** Number of columns. */
  public int width() {
    return width;
  }
}
