package dev.retrain.image.decode.header;

/**
 * The screen of a GIF file and the place of its first frame on it (GIF89a, sections 18 to 23).
 *
 * @param screenWidth width of the screen, at least so that the frame fits
 * @param screenHeight height of the screen, at least so that the frame fits
 * @param left the frame's first column
 * @param top the frame's first row
 * @param background color of the screen around the frame, 0xRRGGBB: that of the transparent index,
 *     or of index 0, in the frame's palette
 */
public record GifHeader(int screenWidth, int screenHeight, int left, int top, int background) {
  private static final int SCREEN_END = 13;

  /**
   * Reads the header.
   *
   * @param content the file's bytes
   */
  public static GifHeader read(byte[] content) {
    Bytes bytes = Bytes.littleEndian(content);
    int width = bytes.u16(6);
    int height = bytes.u16(8);
    int flags = Math.max(0, bytes.u8(10));
    int palette = hasPalette(flags) ? SCREEN_END : -1;
    int transparent = 0;
    long at = (long) SCREEN_END + paletteBytes(flags);
    while (bytes.u8(at) == 0x21) { // An extension: its label, and blocks up to an empty one.
      if (bytes.u8(at + 1) == 0xF9 && (Math.max(0, bytes.u8(at + 3)) & 1) == 1) {
        transparent = Math.max(0, bytes.u8(at + 6));
      }
      at += 2;
      while (bytes.u8(at) > 0) {
        at += 1 + bytes.u8(at);
      }
      at++;
    }
    if (bytes.u8(at) != 0x2C) {
      return new GifHeader(width, height, 0, 0, 0);
    }
    int left = bytes.u16(at + 1);
    int top = bytes.u16(at + 3);
    int frameFlags = Math.max(0, bytes.u8(at + 9));
    long colors = hasPalette(frameFlags) ? at + 10 : palette;
    return new GifHeader(
        Math.max(width, left + bytes.u16(at + 5)),
        Math.max(height, top + bytes.u16(at + 7)),
        left,
        top,
        color(bytes, colors, transparent));
  }

  private static boolean hasPalette(int flags) {
    return (flags & 0x80) != 0;
  }

  private static int paletteBytes(int flags) {
    return hasPalette(flags) ? 3 << ((flags & 7) + 1) : 0;
  }

  private static int color(Bytes bytes, long palette, int index) {
    long at = palette + 3L * index;
    if (palette < 0 || bytes.u8(at + 2) < 0) {
      return 0;
    }
    return bytes.u8(at) << 16 | bytes.u8(at + 1) << 8 | bytes.u8(at + 2);
  }

  /** The size of the screen. */
  public ImageHeader header() {
    return new ImageHeader(screenWidth, screenHeight, 1);
  }
}
