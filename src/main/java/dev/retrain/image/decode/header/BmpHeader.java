package dev.retrain.image.decode.header;

import dev.retrain.image.UnreadableImageException;

/** The header of a BMP file, of OS/2 (12 bytes) or Windows (40 bytes or more). */
final class BmpHeader {
  private static final int OS2 = 12;
  private static final int JPEG = 4;
  private static final int PNG = 5;
  private static final int MAX_COLORS = 1 << 16;

  private BmpHeader() {}

  static ImageHeader read(byte[] content) throws UnreadableImageException {
    Bytes bytes = Bytes.littleEndian(content);
    long size = bytes.u32(14);
    if (size == OS2) {
      return new ImageHeader(bytes.u16(18), bytes.u16(20), 1);
    }
    if (size < 16) {
      throw new UnreadableImageException("the BMP header is corrupt or truncated");
    }
    long compression = size < 40 ? 0 : bytes.u32(30);
    if (compression == JPEG || compression == PNG) {
      throw new UnreadableImageException(
          "it is a BMP file that contains a JPEG or PNG file; convert it to PNG");
    }
    if (bytes.u32(10) > content.length || (size >= 40 && bytes.u32(46) > MAX_COLORS)) {
      throw new UnreadableImageException("the BMP header is corrupt or truncated");
    }
    // Signed: a negative height means that the first row is the top one.
    return new ImageHeader(
        Math.abs((long) (int) bytes.u32(18)), Math.abs((long) (int) bytes.u32(22)), 1);
  }
}
