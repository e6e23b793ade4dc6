package dev.retrain.image.decode.header;

import dev.retrain.image.PixelLimit;
import dev.retrain.image.UnreadableImageException;

/** Reads the header of a file of any supported format. */
public final class HeaderReader {
  private HeaderReader() {}

  /**
   * Reads a header and checks what would be too expensive to decode. Corrupt metadata is ignored.
   *
   * @param format the format of the file
   * @param content the file's bytes
   * @param limit maximum number of pixels
   * @throws UnreadableImageException if the image is too large, or has a kind of pixels that is not
   *     supported
   */
  public static ImageHeader read(ImageFormat format, byte[] content, PixelLimit limit)
      throws UnreadableImageException {
    ImageHeader header =
        switch (format) {
          case JPEG -> {
            JpegHeader jpeg = JpegHeader.read(content);
            limit.check(jpeg.width(), jpeg.height());
            jpeg.checkScans();
            yield new ImageHeader(jpeg.width(), jpeg.height(), jpeg.orientation());
          }
          case PNG -> PngChunks.header(content);
          case GIF -> GifHeader.read(content).header();
          case BMP -> BmpHeader.read(content);
          case WEBP -> WebpFile.read(content).header();
          case TIFF -> TiffDirectory.read(content).header();
        };
    limit.check(header.width(), header.height());
    return header;
  }
}
