package dev.retrain.bottleneck.cache.database;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The checksum of a row. SQLite does not notice a flipped bit: a changed identity or id would
 * return the vectors of another backbone, and a changed hash the class of another image.
 */
public final class RowChecksum {
  private RowChecksum() {}

  /**
   * The CRC-32 of column values. CRC-32C would be no better, and is slow until it is compiled, as
   * it is at the start of a process.
   *
   * @param values a string (UTF-8), a long (8 bytes, big-endian), a byte array or null, each
   *     preceded by its length in bytes (4 bytes, big-endian; -1 for null)
   */
  public static long of(Object... values) {
    CRC32 crc = new CRC32();
    ByteBuffer number = ByteBuffer.allocate(Integer.BYTES + Long.BYTES);
    for (Object value : values) {
      number.clear();
      if (value instanceof Long integer) {
        crc.update(number.putInt(Long.BYTES).putLong(integer).flip());
      } else {
        byte[] bytes = bytes(value);
        crc.update(number.putInt(value == null ? -1 : bytes.length).flip());
        crc.update(bytes);
      }
    }
    return crc.getValue();
  }

  private static byte[] bytes(Object value) {
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    return value == null ? new byte[0] : ((String) value).getBytes(StandardCharsets.UTF_8);
  }
}
