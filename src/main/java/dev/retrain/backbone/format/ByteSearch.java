package dev.retrain.backbone.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;

/** Searches a stream in constant memory. */
final class ByteSearch {
  private static final int BLOCK = 1 << 20;

  private ByteSearch() {}

  /**
   * Whether a stream contains ASCII text.
   *
   * @param in the stream, which is closed
   */
  static boolean contains(InputStream in, String text) throws IOException {
    try (in) {
      String before = "";
      byte[] block = in.readNBytes(BLOCK);
      while (block.length > 0) {
        String read = before + new String(block, ISO_8859_1);
        if (read.contains(text)) {
          return true;
        }
        before = read.substring(Math.max(0, read.length() - text.length()));
        block = in.readNBytes(BLOCK);
      }
      return false;
    }
  }
}
