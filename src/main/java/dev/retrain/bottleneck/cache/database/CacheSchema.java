package dev.retrain.bottleneck.cache.database;

import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
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
 *   <li>{@code picture}: the SHA-256, size, times and inode of a file, by path;
 *   <li>{@code imported}: names of images whose vectors were imported without the image.
 * </ul>
 *
 * <p>Version 3 adds {@code checksum} to the tables {@code backbone} and {@code picture}, and {@code
 * inode} and {@code changed_ns} to the latter. Version 2 is upgraded when it is opened.
 */
final class CacheSchema {
  private static final int VERSION = 3;
  private static final int UPGRADED_VERSION = 2;

  /** The columns that version 3 has added, after all others. */
  private static final List<String> BACKBONE_ADDED = List.of("checksum INTEGER");

  private static final List<String> IMAGE_ADDED =
      List.of("inode INTEGER", "changed_ns INTEGER", "checksum INTEGER");

  private CacheSchema() {}

  private static List<String> tables(int version) {
    boolean added = version == VERSION;
    return List.of(
        """
        CREATE TABLE backbone (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          identity TEXT NOT NULL UNIQUE,
          name TEXT NOT NULL,
          vector_length INTEGER NOT NULL,
          generation INTEGER NOT NULL,
          records INTEGER NOT NULL%s)"""
            .formatted(added ? ", " + String.join(", ", BACKBONE_ADDED) : ""),
        """
        CREATE TABLE vector (
          backbone INTEGER NOT NULL REFERENCES backbone (id),
          sha256 BLOB NOT NULL,
          record INTEGER NOT NULL,
          PRIMARY KEY (backbone, sha256)) WITHOUT ROWID""",
        """
        CREATE TABLE picture (
          path TEXT PRIMARY KEY,
          size INTEGER NOT NULL,
          modified_ns INTEGER NOT NULL,
          sha256 BLOB NOT NULL%s)"""
            .formatted(added ? ", " + String.join(", ", IMAGE_ADDED) : ""),
        """
        CREATE TABLE imported (
          name TEXT PRIMARY KEY,
          sha256 BLOB NOT NULL UNIQUE)""");
  }

  /**
   * Checks that a database is a cache or empty, before it is changed or anything but its schema is
   * read.
   *
   * @param connection a connection in auto-commit mode
   * @param file the database file, for messages
   * @throws RetrainException if the database has another schema version, or tables, views, triggers
   *     or indexes that a cache does not have
   * @throws SQLException if the database can't be read
   */
  static void check(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // One transaction, because another process may create or upgrade the tables meanwhile.
      statement.execute("BEGIN");
      try {
        checkTables(connection, file);
      } finally {
        statement.execute("COMMIT");
      }
    }
  }

  private static void checkTables(Connection connection, Path file) throws SQLException {
    int version = version(connection);
    if (version == 0) {
      SchemaCheck.requireEqual(connection, file, List.of());
    } else if (version == VERSION || version == UPGRADED_VERSION) {
      SchemaCheck.requireEqual(connection, file, tables(version));
    } else {
      throw new RetrainException(
          "The cache %s has schema version %d, which another version of this program wrote;"
              + " expected version %d. Remove the cache, or change %s.",
          file, version, VERSION, Setting.CACHE_DIRECTORY);
    }
  }

  /**
   * Creates the tables of an empty database, or upgrades those of an earlier version.
   *
   * @param connection a connection in auto-commit mode to a database that {@link #check} accepts
   * @throws SQLException if the database can't be read or written
   */
  static void prepare(Connection connection) throws SQLException {
    if (version(connection) == VERSION) {
      return;
    }
    // One transaction, so that two processes that start together create the tables once.
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      int version = version(connection);
      if (version == 0) {
        for (String table : tables(VERSION)) {
          statement.execute(table);
        }
      } else if (version == UPGRADED_VERSION) {
        upgrade(connection, statement);
      }
      statement.execute("PRAGMA user_version = " + VERSION);
      statement.execute("COMMIT");
    }
  }

  private static void upgrade(Connection connection, Statement statement) throws SQLException {
    for (String column : BACKBONE_ADDED) {
      statement.execute("ALTER TABLE backbone ADD COLUMN " + column);
    }
    for (String column : IMAGE_ADDED) {
      statement.execute("ALTER TABLE picture ADD COLUMN " + column);
    }
    addChecksums(
        connection,
        "SELECT rowid, id, vector_length, identity, name FROM backbone",
        row -> RowChecksum.of(row.getLong(2), row.getLong(3), row.getString(4), row.getString(5)),
        "UPDATE backbone SET checksum = ? WHERE rowid = ?");
    addChecksums(
        connection,
        "SELECT rowid, path, size, modified_ns, sha256 FROM picture",
        row ->
            RowChecksum.of(
                row.getString(2), row.getLong(3), row.getLong(4), null, null, row.getBytes(5)),
        "UPDATE picture SET checksum = ? WHERE rowid = ?");
  }

  /** Computes the checksum of the current row. */
  @FunctionalInterface
  private interface ChecksumReader {
    long read(ResultSet row) throws SQLException;
  }

  private static void addChecksums(
      Connection connection, String query, ChecksumReader checksum, String update)
      throws SQLException {
    try (Statement reading = connection.createStatement();
        ResultSet row = reading.executeQuery(query);
        PreparedStatement writing = connection.prepareStatement(update)) {
      while (row.next()) {
        writing.setLong(1, checksum.read(row));
        writing.setLong(2, row.getLong(1));
        writing.addBatch();
      }
      writing.executeBatch();
    }
  }

  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      return row.getInt(1);
    }
  }
}
