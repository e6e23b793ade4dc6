package dev.retrain.image.decode;

import dev.retrain.image.RgbImage;
import dev.retrain.image.UnreadableImageException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes images with ImageIO and its plug-ins. */
final class ImageIoDecoder {
  private ImageIoDecoder() {}

  /**
   * Decodes the first frame of an image; an alpha channel is dropped without blending.
   *
   * @param content the file's bytes
   * @throws UnreadableImageException if it can't be decoded
   */
  static RgbImage decode(byte[] content) throws UnreadableImageException {
    BufferedImage image;
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
      image = read(in);
    } catch (IOException | RuntimeException e) {
      // The plug-ins also throw unchecked exceptions if the data is corrupt.
      throw new UnreadableImageException(
          "the data is corrupt or truncated"
              + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")"),
          e);
    }
    return pixels(image);
  }

  private static BufferedImage read(ImageInputStream in)
      throws IOException, UnreadableImageException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    if (!readers.hasNext()) {
      throw new UnreadableImageException("no decoder supports it");
    }
    ImageReader reader = readers.next();
    try {
      reader.setInput(in, true, true);
      RgbImage.checkPixels((long) reader.getWidth(0) * reader.getHeight(0));
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }

  private static RgbImage pixels(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[height * width * 3];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int pixel : row) {
        rgb[at++] = (byte) (pixel >> 16);
        rgb[at++] = (byte) (pixel >> 8);
        rgb[at++] = (byte) pixel;
      }
    }
    return new RgbImage(height, width, rgb);
  }
}
