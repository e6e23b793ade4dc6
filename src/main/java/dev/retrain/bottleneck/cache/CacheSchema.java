package dev.retrain.bottleneck.cache;

import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables of a cache's database.
 *
 * <ul>
 *   <li>{@code backbone}: backbone identities, and how many records of which {@code VectorFile} are
 *       valid;
 *   <li>{@code vector}: the record of an image's vector, by backbone and SHA-256 of the image;
 *   <li>{@code picture}: the SHA-256, size and modification time of a file, by path;
 *   <li>{@code imported}: names of images whose vectors were imported without the image.
 * </ul>
 */
final class CacheSchema {
  private static final int VERSION = 2;

  private static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS backbone (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            identity TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            vector_length INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            records INTEGER NOT NULL)""",
          """
          CREATE TABLE IF NOT EXISTS vector (
            backbone INTEGER NOT NULL REFERENCES backbone (id),
            sha256 BLOB NOT NULL,
            record INTEGER NOT NULL,
            PRIMARY KEY (backbone, sha256)) WITHOUT ROWID""",
          """
          CREATE TABLE IF NOT EXISTS picture (
            path TEXT PRIMARY KEY,
            size INTEGER NOT NULL,
            modified_ns INTEGER NOT NULL,
            sha256 BLOB NOT NULL)""",
          """
          CREATE TABLE IF NOT EXISTS imported (
            name TEXT PRIMARY KEY,
            sha256 BLOB NOT NULL UNIQUE)""");

  private CacheSchema() {}

  /**
   * Creates the tables of an empty database.
   *
   * @param connection a connection in auto-commit mode
   * @param file the database file, for messages
   * @throws RetrainException if the database has another schema version
   * @throws SQLException if the database can't be read or written
   */
  static void prepare(Connection connection, Path file) throws SQLException {
    int version = version(connection);
    if (version == VERSION) {
      return;
    }
    if (version != 0) {
      throw new RetrainException(
          "The cache %s has schema version %d, which another version of this program wrote;"
              + " expected version %d. Remove the cache, or change %s.",
          file, version, VERSION, Setting.CACHE_DIRECTORY);
    }
    // One transaction, so that two processes that start together create the tables once.
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      for (String table : TABLES) {
        statement.execute(table);
      }
      statement.execute("PRAGMA user_version = " + VERSION);
      statement.execute("COMMIT");
    }
  }

  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      return row.getInt(1);
    }
  }
}
