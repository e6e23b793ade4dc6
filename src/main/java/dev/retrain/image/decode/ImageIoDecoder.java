package dev.retrain.image.decode;

import dev.retrain.image.PixelLimit;
import dev.retrain.image.RgbImage;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.header.GifHeader;
import dev.retrain.image.decode.header.ImageFormat;
import dev.retrain.image.decode.header.ImageHeader;
import dev.retrain.image.decode.header.TiffDirectory;
import dev.retrain.image.decode.header.WebpFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Decodes images with ImageIO and its plug-ins. */
final class ImageIoDecoder {
  private ImageIoDecoder() {}

  /**
   * Decodes the first frame or page of an image; an alpha channel is dropped without blending, and
   * a color profile is ignored.
   *
   * @param format the file's format
   * @param content the file's bytes
   * @param pixels number of pixels, from the header
   * @param limit maximum number of pixels
   * @throws UnreadableImageException if it can't be decoded, or not in Java's memory
   */
  static RgbImage decode(ImageFormat format, byte[] content, long pixels, PixelLimit limit)
      throws UnreadableImageException {
    try {
      return switch (format) {
        case GIF -> {
          GifHeader gif = GifHeader.read(content);
          RgbImage frame = RgbPixels.of(read(format, content, pixels, limit));
          yield onCanvas(frame, gif.header(), gif.left(), gif.top(), gif.background());
        }
        case WEBP -> {
          WebpFile webp = WebpFile.read(content);
          RgbImage frame = RgbPixels.of(read(format, webp.still(), pixels, limit));
          yield onCanvas(frame, webp.header(), webp.left(), webp.top(), 0);
        }
        case TIFF ->
            RgbPixels.of(read(format, TiffDirectory.read(content).firstPage(), pixels, limit));
        case BMP, JPEG, PNG -> RgbPixels.of(read(format, content, pixels, limit));
      };
    } catch (IOException | RuntimeException e) {
      // The plug-ins also throw unchecked exceptions if the data is corrupt.
      throw new UnreadableImageException(
          "the %s data is corrupt or truncated".formatted(format.title()), e);
    } catch (OutOfMemoryError e) {
      throw new UnreadableImageException(
          "it is too large for Java's memory; increase it with -Xmx", e);
    }
  }

  private static BufferedImage read(
      ImageFormat format, byte[] content, long pixels, PixelLimit limit)
      throws IOException, UnreadableImageException {
    Iterator<ImageReader> readers =
        ImageIO.getImageReadersByFormatName(format.name().toLowerCase(Locale.ROOT));
    if (!readers.hasNext()) {
      throw new UnreadableImageException("no decoder supports it");
    }
    ImageReader reader = readers.next();
    try (ImageInputStream in = new ByteArrayInput(content, pixels)) {
      reader.setInput(in, true, true);
      limit.check(reader.getWidth(0), reader.getHeight(0));
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }

  /** Puts the first frame of an animation in its place. */
  private static RgbImage onCanvas(
      RgbImage frame, ImageHeader canvas, int left, int top, int background) {
    return canvas.width() == frame.width() && canvas.height() == frame.height()
        ? frame
        : frame.on((int) canvas.width(), (int) canvas.height(), left, top, background);
  }
}
