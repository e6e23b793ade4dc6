package dev.retrain.util.io;

import java.awt.image.RenderedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Encodes images in memory. {@link ImageIO} itself uses a file in the temporary directory, which
 * may not be writable, and where a killed process leaves it.
 */
public final class ImageEncoder {
  private ImageEncoder() {}

  /**
   * Encodes an image.
   *
   * @param image the image
   * @param format a format of ImageIO: {@code png} or {@code jpg}
   * @param out receives the bytes; is not closed
   * @throws IOException if the stream can't be written
   */
  public static void write(RenderedImage image, String format, OutputStream out)
      throws IOException {
    try (ImageOutputStream memory = new MemoryCacheImageOutputStream(out)) {
      if (!ImageIO.write(image, format, memory)) {
        throw new IllegalArgumentException("no encoder for " + format);
      }
    }
  }
}
