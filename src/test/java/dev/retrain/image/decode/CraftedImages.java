package dev.retrain.image.decode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Image files made byte by byte: odd, hostile or damaged ones. */
final class CraftedImages {
  private CraftedImages() {}

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] deflated(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater =
        new DeflaterOutputStream(out, new Deflater(Deflater.BEST_SPEED))) {
      deflater.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  // PNG

  static byte[] pngChunk(String type, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(ascii(type));
    crc.update(content);
    return ByteBuffer.allocate(12 + content.length)
        .putInt(content.length)
        .put(ascii(type))
        .put(content)
        .putInt((int) crc.getValue())
        .array();
  }

  /** A gray PNG of 8 bits. */
  static byte[] png(int width, int height, byte[] imageData, byte[]... chunks) {
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {8, 0, 0, 0, 0})
            .array();
    return concat(
        ascii("\u0089PNG\r\n\u001A\n"),
        pngChunk("IHDR", header),
        concat(chunks),
        pngChunk("IDAT", imageData),
        pngChunk("IEND", new byte[0]));
  }

  // JPEG

  static byte[] segment(int marker, byte[] content) {
    return ByteBuffer.allocate(4 + content.length)
        .put((byte) 0xFF)
        .put((byte) marker)
        .putShort((short) (content.length + 2))
        .put(content)
        .array();
  }

  static byte[] frame(int marker, int precision, int width, int height) {
    return segment(
        marker,
        ByteBuffer.allocate(9)
            .put((byte) precision)
            .putShort((short) height)
            .putShort((short) width)
            .put(new byte[] {1, 1, 0x11, 0})
            .array());
  }

  /** The markers of a gray JPEG with any number of scans, which have no data. */
  static byte[] jpeg(int marker, int precision, int width, int height, int scans) {
    byte[] scan = segment(0xDA, new byte[] {1, 1, 0, 1, 1, 0});
    byte[][] all = new byte[scans][];
    Arrays.fill(all, concat(scan, new byte[] {0x55, (byte) 0xFF, 0, 0x55}));
    return concat(
        ascii("\u00FF\u00D8"),
        frame(marker, precision, width, height),
        concat(all),
        ascii("\u00FF\u00D9"));
  }

  /** Inserts a segment at the beginning of a JPEG. */
  static byte[] withSegment(byte[] jpeg, byte[] segment) {
    return concat(Arrays.copyOf(jpeg, 2), segment, Arrays.copyOfRange(jpeg, 2, jpeg.length));
  }

  // GIF

  /** A screen of two colors, and blocks. */
  static byte[] gif(int width, int height, byte[]... blocks) {
    byte[] screen =
        ByteBuffer.allocate(7)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short) width)
            .putShort((short) height)
            .put(new byte[] {(byte) 0x80, 0, 0})
            .array();
    byte[] colors = {10, 20, 30, (byte) 200, (byte) 210, (byte) 220};
    return concat(ascii("GIF89a"), screen, colors, concat(blocks), ascii(";"));
  }

  /** A frame of color 1; the data are complete for two pixels. */
  static byte[] gifFrame(int left, int top, int width, int height) {
    return ByteBuffer.allocate(15)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0x2C)
        .putShort((short) left)
        .putShort((short) top)
        .putShort((short) width)
        .putShort((short) height)
        .put((byte) 0)
        // Codes of three bits: clear, 1, 1, end.
        .put(new byte[] {2, 2, (byte) 0x4C, (byte) 0x0A, 0})
        .array();
  }

  // BMP

  static byte[] bmp(int width, int height, int bits, int compression, int colors, int offset) {
    return ByteBuffer.allocate(200)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(ascii("BM"))
        .putInt(200)
        .putInt(0)
        .putInt(offset)
        .putInt(40)
        .putInt(width)
        .putInt(height)
        .putShort((short) 1)
        .putShort((short) bits)
        .putInt(compression)
        .putInt(0)
        .putLong(0)
        .putInt(colors)
        .putInt(0)
        .array();
  }

  // WebP

  static byte[] webp(String chunk, byte[] content) {
    return ByteBuffer.allocate(20 + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(ascii("RIFF"))
        .putInt(12 + content.length)
        .put(ascii("WEBP"))
        .put(ascii(chunk))
        .putInt(content.length)
        .put(content)
        .array();
  }

  // TIFF

  /** The tags of a gray image of one strip at position 8; each has one value of four bytes. */
  static Map<Integer, Long> tiffTags(long width, long height) {
    Map<Integer, Long> tags = new TreeMap<>();
    tags.put(256, width);
    tags.put(257, height);
    tags.put(258, 8L);
    tags.put(259, 1L);
    tags.put(262, 1L);
    tags.put(273, 8L);
    tags.put(277, 1L);
    tags.put(278, height);
    tags.put(279, width * height);
    return tags;
  }

  static byte[] tiff(Map<Integer, Long> tags, byte[] pixels, long next) {
    return tiff(tags, Map.of(), pixels, next);
  }

  /**
   * A TIFF with one directory after the pixels.
   *
   * @param counts the number of values of tags that have several, at the place that the tag says
   * @param next the place of the next directory; -1 for this one
   */
  static byte[] tiff(Map<Integer, Long> tags, Map<Integer, Long> counts, byte[] pixels, long next) {
    int directory = 8 + pixels.length;
    ByteBuffer file =
        ByteBuffer.allocate(directory + 2 + 12 * tags.size() + 4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(ascii("II*\0"))
            .putInt(directory)
            .put(pixels)
            .putShort((short) tags.size());
    tags.forEach(
        (tag, value) ->
            file.putShort((short) (int) tag)
                .putShort((short) 4)
                .putInt((int) (long) counts.getOrDefault(tag, 1L))
                .putInt((int) (long) value));
    return file.putInt(next < 0 ? directory : (int) next).array();
  }
}
