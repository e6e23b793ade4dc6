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
    byte[][] columns = new byte[values.length][];
    int size = 0;
    for (int i = 0; i < values.length; i++) {
      columns[i] = bytes(values[i]);
      size += Integer.BYTES + columns[i].length;
    }
    ByteBuffer row = ByteBuffer.allocate(size);
    for (int i = 0; i < values.length; i++) {
      row.putInt(values[i] == null ? -1 : columns[i].length).put(columns[i]);
    }
    CRC32 crc = new CRC32();
    crc.update(row.flip());
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
