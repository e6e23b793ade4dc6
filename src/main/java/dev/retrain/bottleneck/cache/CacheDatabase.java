package dev.retrain.bottleneck.cache;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The SQLite database of a cache: its connection, its tables, and what its errors mean to the user.
 *
 * <p>Three kinds of rows: {@code backbone} numbers the identities and says how many records of
 * which {@link VectorFile} count; {@code vector} says in which record the vector of an image is, by
 * backbone and SHA-256 of the image's content; {@code picture} remembers that hash for a path, with
 * the file's size and time. {@code imported} has the names of vectors that came without an image.
 *
 * <p>Owns the connection, which is not for use by several threads at once.
 */
final class CacheDatabase implements AutoCloseable {
  private static final int SCHEMA = 2;
  private static final int BUSY_MILLIS = 30_000;

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

  private final Path file;
  private final Connection connection;

  /**
   * Opens a database, making it where there is none.
   *
   * @param file where
   * @throws RetrainException where the file is damaged or no cache
   */
  CacheDatabase(Path file) {
    this.file = file;
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS);
    // Otherwise every insert is followed by a query for its key.
    config.setGetGeneratedKeys(false);
    Connection opened = null;
    try {
      opened = config.createConnection("jdbc:sqlite:" + file);
      connection = opened;
      prepareSchema();
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      closeQuietly(opened, e);
      throw failure(e);
    } catch (RuntimeException e) {
      closeQuietly(opened, e);
      throw e;
    }
  }

  private void prepareSchema() throws SQLException {
    int found = userVersion();
    if (found != 0 && found != SCHEMA) {
      throw new RetrainException(
          "%s was written by another version of this tool (schema %d, expected %d); use another"
                  .formatted(file, found, SCHEMA)
              + " --bottleneck-dir or remove it.");
    }
    if (found == SCHEMA) {
      return;
    }
    // One transaction, so that two processes that start together make one schema.
    try (Statement sql = connection.createStatement()) {
      sql.execute("BEGIN IMMEDIATE");
      for (String table : TABLES) {
        sql.execute(table);
      }
      sql.execute("PRAGMA user_version = " + SCHEMA);
      sql.execute("COMMIT");
    }
  }

  private int userVersion() throws SQLException {
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("PRAGMA user_version")) {
      return row.getInt(1);
    }
  }

  /** The connection, within a transaction; it stays this object's. */
  Connection connection() {
    return connection;
  }

  /** The database file. */
  Path file() {
    return file;
  }

  /** Ends the transaction; a read that stays open keeps later writes out. */
  void commit() {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** The first column of what a query finds. */
  List<String> strings(String query) {
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      List<String> strings = new ArrayList<>();
      while (row.next()) {
        strings.add(row.getString(1));
      }
      connection.commit();
      return strings;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Gives the space of rows that were taken out back to the disk. */
  void compact() {
    try (Statement sql = connection.createStatement()) {
      // Neither can be done within a transaction.
      connection.setAutoCommit(true);
      sql.execute("VACUUM");
      sql.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Bytes on disk. */
  long size() throws IOException {
    long size = 0;
    for (Path part : List.of(file, file.resolveSibling(file.getFileName() + "-wal"))) {
      size += Files.exists(part) ? Files.size(part) : 0;
    }
    return size;
  }

  /** What to tell the user of an error. */
  RetrainException failure(SQLException e) {
    SQLiteErrorCode code =
        e instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    // The low byte is the primary code, the rest tells more of it.
    int primary = code.code & 0xFF;
    if (primary == SQLiteErrorCode.SQLITE_BUSY.code
        || primary == SQLiteErrorCode.SQLITE_LOCKED.code) {
      return new RetrainException(
          "The cache %s is being written by another process; wait for it or use another"
                  .formatted(file)
              + " --bottleneck-dir.",
          e);
    }
    if (primary == SQLiteErrorCode.SQLITE_CORRUPT.code
        || primary == SQLiteErrorCode.SQLITE_NOTADB.code) {
      return new RetrainException(
          "The cache %s is damaged or no SQLite database; remove it, and its vectors are computed"
                  .formatted(file)
              + " again.",
          e);
    }
    if (primary == SQLiteErrorCode.SQLITE_FULL.code) {
      return new RetrainException("The disk is full: the cache %s can't grow.".formatted(file), e);
    }
    return new RetrainException(
        "The cache %s can't be used: %s.".formatted(file, e.getMessage()), e);
  }

  private static void closeQuietly(AutoCloseable resource, Exception cause) {
    if (resource != null) {
      try {
        resource.close();
      } catch (Exception e) {
        cause.addSuppressed(e);
      }
    }
  }

  /** Closes the database; what was put since the last commit is dropped. */
  @Override
  public void close() {
    try {
      if (!connection.isClosed()) {
        connection.rollback();
        connection.close();
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }
}
