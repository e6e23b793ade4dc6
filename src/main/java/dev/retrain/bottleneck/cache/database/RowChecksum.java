package dev.retrain.bottleneck.cache.database;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The checksum of a row. SQLite does not notice a flipped bit: a changed identity or id would
 * return the vectors of another backbone, and a changed hash the class of another image.
 */
public final class RowChecksum {
  private RowChecksum() {}

  /**
   * The CRC-32C of column values.
   *
   * @param values a string (UTF-8), a long (8 bytes, big-endian), a byte array or null, each
   *     preceded by its length in bytes (4 bytes, big-endian; -1 for null)
   */
  public static long of(Object... values) {
    CRC32C crc = new CRC32C();
    for (Object value : values) {
      byte[] bytes = bytes(value);
      int length = value == null ? -1 : bytes.length;
      crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).flip());
      crc.update(bytes);
    }
    return crc.getValue();
  }

  private static byte[] bytes(Object value) {
    if (value instanceof Long integer) {
      return ByteBuffer.allocate(Long.BYTES).putLong(integer).array();
    }
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    return value == null ? new byte[0] : ((String) value).getBytes(StandardCharsets.UTF_8);
  }
}
