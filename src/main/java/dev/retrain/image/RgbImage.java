package dev.retrain.image;

import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TUint8;

/** The pixels of an image: red, green and blue, 0 to 255. */
public final class RgbImage {
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

  /** The pixels as a tensor [height, width, 3], which the caller closes. */
  public TUint8 tensor() {
    return TUint8.tensorOf(Shape.of(height, width, 3), DataBuffers.of(rgb));
  }

  /**
   * A copy on a larger area.
   *
   * @param areaWidth width of the area
   * @param areaHeight height of the area
   * @param left column of the area at which this image begins
   * @param top row of the area at which this image begins; it must fit
   * @param color color of the rest of the area, 0xRRGGBB
   */
  public RgbImage on(int areaWidth, int areaHeight, int left, int top, int color) {
    byte[] area = new byte[Math.multiplyExact(Math.multiplyExact(areaHeight, areaWidth), 3)];
    for (int i = 0; i < area.length; i += 3) {
      area[i] = (byte) (color >> 16);
      area[i + 1] = (byte) (color >> 8);
      area[i + 2] = (byte) color;
    }
    for (int y = 0; y < height; y++) {
      int to = ((top + y) * areaWidth + left) * 3;
      System.arraycopy(rgb, y * width * 3, area, to, width * 3);
    }
    return new RgbImage(areaHeight, areaWidth, area);
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
