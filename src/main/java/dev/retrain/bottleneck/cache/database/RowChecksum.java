package dev.retrain.bottleneck.cache.database;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The checksum of a row of the table {@code backbone}. SQLite does not notice a flipped bit, and a
 * changed identity or id would return the vectors of another backbone.
 */
public final class RowChecksum {
  private RowChecksum() {}

  /** The CRC-32C of the columns that never change. */
  public static long of(long id, int vectorLength, String identity, String name) {
    CRC32C crc = new CRC32C();
    crc.update(
        (id + "\n" + vectorLength + "\n" + identity + "\n" + name)
            .getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }
}
