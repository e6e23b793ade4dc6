package dev.retrain.bottleneck.cache.database;

import dev.retrain.util.NativeLibraries;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.FileIdentity;
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
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.Pragma;

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
public final class CacheDatabase implements AutoCloseable {
  private static final int BUSY_TIMEOUT_MILLIS = 30_000;

  /** Longest text or BLOB; the longest that a cache has is a path. */
  private static final int MAX_VALUE_BYTES = 1 << 20;

  private final Path file;
  private final Connection connection;
  private final FileIdentity identity;

  /** Reads the current row of a result. */
  @FunctionalInterface
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Consumes the current row of a result. */
  @FunctionalInterface
  public interface RowConsumer {
    void accept(ResultSet row) throws SQLException;
  }

  /**
   * Opens a database; creates it if there is none.
   *
   * @param file the database file
   * @throws RetrainException if the file is damaged, not a cache, or has another schema version
   * @throws IOException if its attributes can't be read
   */
  public CacheDatabase(Path file) throws IOException {
    this.file = file;
    NativeLibraries.loadSqlite();
    boolean readOnly = ReadOnlyFile.check(file);
    Connection opened = null;
    try {
      opened = connect(file, readOnly);
      connection = opened;
      distrust(connection);
      CacheSchema.check(connection, file);
      if (!readOnly) {
        WriteAheadLog.enable(connection);
      }
      CacheSchema.prepare(connection);
      identity = FileIdentity.read(file);
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      closeQuietly(opened, e);
      throw failure(e);
    } catch (IOException | RuntimeException e) {
      closeQuietly(opened, e);
      throw e;
    }
  }

  private static Connection connect(Path file, boolean readOnly) throws SQLException {
    SQLiteConfig config = configuration();
    if (!readOnly) {
      return config.createConnection("jdbc:sqlite:" + file);
    }
    config.setReadOnly(true);
    // Otherwise SQLite would create files beside it.
    return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath().toUri() + "?immutable=1");
  }

  private static SQLiteConfig configuration() {
    SQLiteConfig config = new SQLiteConfig();
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    // Otherwise the driver queries the key after every insert.
    config.setGetGeneratedKeys(false);
    config.enableLoadExtension(false);
    config.setPragma(Pragma.LIMIT_LENGTH, Integer.toString(MAX_VALUE_BYTES));
    config.setPragma(Pragma.LIMIT_SQL_LENGTH, Integer.toString(MAX_VALUE_BYTES));
    // VACUUM attaches one.
    config.setPragma(Pragma.LIMIT_ATTACHED, "1");
    config.setPragma(Pragma.LIMIT_TRIGGER_DEPTH, "1");
    return config;
  }

  /** The file may be foreign or damaged: nothing in its schema may call a function with effects. */
  private static void distrust(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA trusted_schema = OFF");
      statement.execute("PRAGMA cell_size_check = ON");
    }
  }

  /**
   * Checks that the file is still in its place. On Unix, SQLite would write to a deleted file
   * without an error.
   *
   * @throws RetrainException if it is not
   */
  public void checkInPlace() {
    if (!identity.isInPlace()) {
      throw new RetrainException(
          "The cache %s was deleted or replaced while it was in use. Run again.", file);
    }
  }

  public Path file() {
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
  public <T> List<T> query(RowReader<T> reader, String sql, Object... arguments) {
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
  public void forEach(RowConsumer consumer, String sql, Object... arguments) {
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
  public int update(String sql, Object... arguments) {
    return updateEach(sql, Stream.<Object[]>of(arguments));
  }

  /**
   * Runs an INSERT, UPDATE or DELETE once for each set of parameters.
   *
   * @param sql the statement
   * @param arguments sets of parameters
   * @return the number of rows changed by all of them
   */
  public int updateEach(String sql, Stream<Object[]> arguments) {
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
  public void commit() {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Rolls the open transaction back. */
  public void rollback() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Returns the disk space of deleted rows to the file system. */
  public void compact() {
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
  public long size() throws IOException {
    long size = 0;
    for (Path part : List.of(file, file.resolveSibling(file.getFileName() + "-wal"))) {
      size += Files.exists(part) ? Files.size(part) : 0;
    }
    return size;
  }

  private RetrainException failure(SQLException e) {
    return DatabaseFailure.of(file, e);
  }

  /**
   * Checks the structure of the database; takes about 0.1 s for 60,000 images.
   *
   * @throws RetrainException if it is damaged
   */
  public void checkIntegrity() {
    if (!query(row -> row.getString(1), "PRAGMA integrity_check(1)").equals(List.of("ok"))) {
      throw damaged();
    }
  }

  /** An exception that says that the content of the database is damaged. */
  public RetrainException damaged() {
    return DatabaseFailure.damaged(file, null);
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
