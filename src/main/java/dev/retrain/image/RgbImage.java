package dev.retrain.image;

import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TUint8;

/** An image's pixels: red, green and blue, 0 to 255. */
public final class RgbImage {
  private final int height;
  private final int width;
  private final byte[] rgb;

  /**
   * @param height rows, at least 1
   * @param width columns, at least 1
   * @param rgb [height, width, 3], flat, row by row, as unsigned bytes; taken over, not to be
   *     changed
   */
  RgbImage(int height, int width, byte[] rgb) {
    this.height = height;
    this.width = width;
    this.rgb = rgb;
  }

  /** Copies a tensor [height, width, 3]. */
  static RgbImage of(TUint8 tensor) {
    Shape shape = tensor.shape();
    byte[] rgb = new byte[Math.toIntExact(shape.size())];
    tensor.asRawTensor().data().read(rgb);
    return new RgbImage((int) shape.get(0), (int) shape.get(1), rgb);
  }

  /** A tensor [height, width, 3] of them, to be closed by the caller. */
  public TUint8 tensor() {
    return TUint8.tensorOf(Shape.of(height, width, 3), DataBuffers.of(rgb));
  }

  /** Rows. */
  public int height() {
    return height;
  }

  /** Columns. */
  public int width() {
    return width;
  }
}
