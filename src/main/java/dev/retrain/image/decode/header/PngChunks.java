package dev.retrain.image.decode.header;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** The chunks of a PNG file (W3C PNG, section 5). */
public final class PngChunks {
  private static final int FIRST = 8;
  private static final int OVERHEAD = 12;

  /** Chunks with compressed text or profiles, which change no pixel here. */
  private static final List<String> COMPRESSED = List.of("iCCP", "zTXt", "iTXt");

  private PngChunks() {}

  static ImageHeader header(byte[] content) {
    Bytes bytes = Bytes.bigEndian(content);
    if (!bytes.matches(FIRST + 4L, "IHDR")) {
      return new ImageHeader(-1, -1, 1);
    }
    int orientation = 1;
    for (long at = FIRST; orientation == 1 && at < content.length; at = next(bytes, at)) {
      if (bytes.matches(at + 4, "eXIf")) {
        orientation = Exif.orientation(bytes.range(at + 8, at + 8 + bytes.u32(at)));
      }
    }
    return new ImageHeader(bytes.u32(FIRST + 8L), bytes.u32(FIRST + 12L), orientation);
  }

  /**
   * The file without compressed text and profiles: the decoder would expand all of them, each to
   * megabytes, for nothing.
   *
   * @param content the file's bytes
   * @return the same bytes if there are none
   */
  public static byte[] withoutCompressedText(byte[] content) {
    Bytes bytes = Bytes.bigEndian(content);
    ByteArrayOutputStream kept = null;
    long end;
    for (long at = FIRST; at < content.length; at = end) {
      end = Math.min(content.length, next(bytes, at));
      long start = at;
      boolean dropped = COMPRESSED.stream().anyMatch(type -> bytes.matches(start + 4, type));
      if (dropped && kept == null) {
        kept = new ByteArrayOutputStream(content.length);
        kept.write(content, 0, (int) at);
      } else if (!dropped && kept != null) {
        kept.write(content, (int) at, (int) (end - at));
      }
    }
    return kept == null ? content : kept.toByteArray();
  }

  private static long next(Bytes bytes, long at) {
    long length = bytes.u32(at);
    return length < 0 ? Long.MAX_VALUE : at + OVERHEAD + length;
  }
}
