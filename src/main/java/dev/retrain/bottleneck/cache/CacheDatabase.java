package dev.retrain.bottleneck.cache;

import dev.retrain.util.NativeLibraries;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The SQLite database of a cache: runs statements within a transaction, and turns SQL errors into
 * messages for the user.
 *
 * <p>Every statement belongs to the open transaction, or opens one. An open read transaction blocks
 * later writes of this connection, so every read ends with {@link #commit} unless it belongs to a
 * longer transaction.
 *
 * <p>Owns the connection. Not thread-safe.
 */
final class CacheDatabase implements AutoCloseable {
  private static final int BUSY_TIMEOUT_MILLIS = 30_000;

  /** Errors of a directory or disk that SQLite can't write to. */
  private static final Set<Integer> UNWRITABLE =
      Set.of(
          SQLiteErrorCode.SQLITE_CANTOPEN.code,
          SQLiteErrorCode.SQLITE_READONLY.code,
          SQLiteErrorCode.SQLITE_PERM.code,
          SQLiteErrorCode.SQLITE_IOERR.code);

  private final Path file;
  private final Connection connection;

  /** Reads the current row of a result. */
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Consumes the current row of a result. */
  @FunctionalInterface
  interface RowConsumer {
    void accept(ResultSet row) throws SQLException;
  }

  /**
   * Opens a database; creates it if there is none.
   *
   * @param file the database file
   * @throws RetrainException if the file is damaged, not a cache, or has another schema version
   */
  CacheDatabase(Path file) {
    this.file = file;
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    // Otherwise the driver queries the key after every insert.
    config.setGetGeneratedKeys(false);
    NativeLibraries.loadSqlite();
    Connection opened = null;
    try {
      opened = config.createConnection("jdbc:sqlite:" + file);
      connection = opened;
      CacheSchema.prepare(connection, file);
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      closeQuietly(opened, e);
      throw failure(e);
    } catch (RuntimeException e) {
      closeQuietly(opened, e);
      throw e;
    }
  }

  Path file() {
    return file;
  }

  /**
   * Runs a query.
   *
   * @param reader called for each row
   * @param sql the query
   * @param arguments its parameters
   * @return what the reader returned, in the order of the rows
   */
  <T> List<T> query(RowReader<T> reader, String sql, Object... arguments) {
    List<T> found = new ArrayList<>();
    forEach(row -> found.add(reader.read(row)), sql, arguments);
    return found;
  }

  /**
   * Runs a query.
   *
   * @param consumer called for each row
   * @param sql the query
   * @param arguments its parameters
   */
  void forEach(RowConsumer consumer, String sql, Object... arguments) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, arguments);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          consumer.accept(row);
        }
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /**
   * Runs an INSERT, UPDATE or DELETE.
   *
   * @param sql the statement
   * @param arguments its parameters
   * @return the number of rows changed
   */
  int update(String sql, Object... arguments) {
    return updateEach(sql, Stream.<Object[]>of(arguments));
  }

  /**
   * Runs an INSERT, UPDATE or DELETE once for each set of parameters.
   *
   * @param sql the statement
   * @param arguments sets of parameters
   * @return the number of rows changed by all of them
   */
  int updateEach(String sql, Stream<Object[]> arguments) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int changed = 0;
      for (Object[] each : (Iterable<Object[]>) arguments::iterator) {
        bind(statement, each);
        changed += statement.executeUpdate();
      }
      return changed;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static void bind(PreparedStatement statement, Object... arguments) throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
  }

  /** Commits the open transaction. */
  void commit() {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Rolls the open transaction back. */
  void rollback() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Returns the disk space of deleted rows to the file system. */
  void compact() {
    try (Statement statement = connection.createStatement()) {
      // Neither statement may run within a transaction.
      connection.setAutoCommit(true);
      statement.execute("VACUUM");
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Bytes on disk, including the write-ahead log. */
  long size() throws IOException {
    long size = 0;
    for (Path part : List.of(file, file.resolveSibling(file.getFileName() + "-wal"))) {
      size += Files.exists(part) ? Files.size(part) : 0;
    }
    return size;
  }

  private RetrainException failure(SQLException e) {
    SQLiteErrorCode code =
        e instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    // The low byte is the primary result code.
    int primary = code.code & 0xFF;
    if (primary == SQLiteErrorCode.SQLITE_BUSY.code
        || primary == SQLiteErrorCode.SQLITE_LOCKED.code) {
      return new RetrainException(
          e,
          "Another process is writing to the cache %s. Wait for it, or change %s.",
          file,
          Setting.CACHE_DIRECTORY);
    }
    if (primary == SQLiteErrorCode.SQLITE_CORRUPT.code
        || primary == SQLiteErrorCode.SQLITE_NOTADB.code) {
      return new RetrainException(
          e,
          "The cache %s is damaged or not a SQLite database. Remove it; its vectors are then"
              + " computed again.",
          file);
    }
    if (primary == SQLiteErrorCode.SQLITE_FULL.code) {
      return new RetrainException(
          e,
          "The disk is full: the cache %s can't grow. Free some disk space or change %s, and run the"
              + " command again.",
          file,
          Setting.CACHE_DIRECTORY);
    }
    if (UNWRITABLE.contains(primary)) {
      return new RetrainException(
          e,
          "The cache %s can't be written to. Check the permissions, the free space and the limits of"
              + " its directory, or change %s.",
          file,
          Setting.CACHE_DIRECTORY);
    }
    return new RetrainException(e, "The cache %s can't be used: %s.", file, e.getMessage());
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

  /** Closes the database and discards uncommitted changes; has no effect the second time. */
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
