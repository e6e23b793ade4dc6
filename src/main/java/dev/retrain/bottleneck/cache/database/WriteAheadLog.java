package dev.retrain.bottleneck.cache.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite's write-ahead log, with which reading and writing don't block each other. */
final class WriteAheadLog {
  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Ten seconds. */
  private static final int MAX_ATTEMPTS = 500;

  private WriteAheadLog() {}

  /**
   * Enables it. SQLite itself doesn't wait for others that open the database at the same moment.
   *
   * @throws SQLException if it can't be enabled
   */
  static void enable(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (int attempt = 1; !tryEnable(statement, attempt == MAX_ATTEMPTS); attempt++) {
        LockSupport.parkNanos(WAIT_NANOS);
      }
    }
  }

  private static boolean tryEnable(Statement statement, boolean last) throws SQLException {
    try {
      statement.execute("PRAGMA journal_mode = WAL");
      return true;
    } catch (SQLiteException e) {
      if (last || e.getResultCode() != SQLiteErrorCode.SQLITE_BUSY) {
        throw e;
      }
      return false;
    }
  }
}
