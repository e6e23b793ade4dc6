package dev.retrain.image.decode;

import dev.retrain.image.Preprocessing;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.header.HeaderReader;
import dev.retrain.image.decode.header.ImageFormat;
import dev.retrain.image.decode.header.ImageHeader;

/**
 * How much stretching changes the aspect ratio of an image.
 *
 * @param width columns of the upright image
 * @param height rows of the upright image
 * @param factor at least 1, which means no change; 0 if the size is unknown
 */
public record AspectChange(long width, long height, double factor) {
  /** From this EXIF orientation on, rows and columns are exchanged. */
  private static final int FIRST_TRANSPOSED = 5;

  /**
   * Reads the size from the header of an image file.
   *
   * @param content the file's bytes
   * @param preprocessing the size that the image would be stretched to
   * @throws UnreadableImageException if the header says that it can't be decoded
   */
  public static AspectChange read(byte[] content, Preprocessing preprocessing)
      throws UnreadableImageException {
    ImageHeader header =
        HeaderReader.read(ImageFormat.detect(content), content, preprocessing.pixelLimit());
    boolean transposed = header.orientation() >= FIRST_TRANSPOSED;
    long width = transposed ? header.height() : header.width();
    long height = transposed ? header.width() : header.height();
    if (width < 1 || height < 1) {
      return new AspectChange(width, height, 0);
    }
    double ratio =
        (double) width * preprocessing.height() / ((double) height * preprocessing.width());
    return new AspectChange(width, height, Math.max(ratio, 1 / ratio));
  }
}
