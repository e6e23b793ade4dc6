package dev.retrain.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * The vectors and file names of a cache, read with SQL and by the layout of
 * docs/reference/cache-format.md: a line per vector with its image's hash and its bytes, and a line
 * per image file.
 */
final class CacheLines {
  private static final int HASH = 32;
  private static final int CRC = 4;

  private CacheLines() {}

  /** Copies the cache first, since reading a database with a write-ahead log changes it. */
  static List<String> read(Path database) throws IOException {
    Path copy = Files.createTempDirectory("retrain-cache");
    try {
      for (String suffix : List.of("", "-wal", "-shm")) {
        Path part = database.resolveSibling(database.getFileName() + suffix);
        if (Files.exists(part)) {
          Files.copy(part, copy.resolve(part.getFileName()));
        }
      }
      return lines(copy.resolve(database.getFileName()), database.toAbsolutePath().getParent());
    } catch (SQLException e) {
      throw new IOException(e);
    } finally {
      org.apache.commons.io.FileUtils.deleteDirectory(copy.toFile());
    }
  }

  private static List<String> lines(Path database, Path vectors) throws SQLException, IOException {
    TreeSet<String> lines = new TreeSet<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement sql = connection.createStatement()) {
      if (!hasTable(sql, "vector")) {
        return List.of();
      }
      try (ResultSet row =
          sql.executeQuery(
              "SELECT id, generation, vector_length, sha256, record, name FROM vector"
                  + " JOIN backbone ON backbone = id")) {
        while (row.next()) {
          Path file = vectors.resolve("vectors-%d-%d.bin".formatted(row.getInt(1), row.getInt(2)));
          lines.add("vector " + row.getString(6) + vector(row, file));
        }
      }
      try (ResultSet row = sql.executeQuery("SELECT path, sha256 FROM picture")) {
        while (row.next()) {
          lines.add("image " + row.getString(1) + " " + hex(row.getBytes(2)));
        }
      }
    }
    return List.copyOf(lines);
  }

  private static boolean hasTable(Statement sql, String name) throws SQLException {
    try (ResultSet row =
        sql.executeQuery("SELECT 1 FROM sqlite_master WHERE name = '" + name + "'")) {
      return row.next();
    }
  }

  private static String vector(ResultSet row, Path file) throws SQLException, IOException {
    int size = HASH + Float.BYTES * row.getInt(3) + CRC;
    byte[] all = Files.readAllBytes(file);
    byte[] hash = row.getBytes(4);
    byte[] record = Arrays.copyOfRange(all, row.getInt(5) * size, (row.getInt(5) + 1) * size);
    CRC32C crc = new CRC32C();
    crc.update(record, 0, size - CRC);
    int stored = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN).getInt(size - CRC);
    boolean valid =
        stored == (int) crc.getValue() && Arrays.equals(Arrays.copyOf(record, HASH), hash);
    return valid ? " " + hex(record) : " of " + hex(hash) + " is damaged";
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
