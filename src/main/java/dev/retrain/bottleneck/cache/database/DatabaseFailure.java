package dev.retrain.bottleneck.cache.database;

import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Turns errors of SQLite into messages for the user. */
final class DatabaseFailure {
  private static final Set<SQLiteErrorCode> ACCESS =
      Set.of(
          SQLiteErrorCode.SQLITE_CANTOPEN,
          SQLiteErrorCode.SQLITE_READONLY,
          SQLiteErrorCode.SQLITE_PERM,
          SQLiteErrorCode.SQLITE_AUTH,
          SQLiteErrorCode.SQLITE_IOERR);

  private static final Set<SQLiteErrorCode> DAMAGE =
      Set.of(
          SQLiteErrorCode.SQLITE_CORRUPT,
          SQLiteErrorCode.SQLITE_NOTADB,
          SQLiteErrorCode.SQLITE_CONSTRAINT,
          SQLiteErrorCode.SQLITE_MISMATCH,
          SQLiteErrorCode.SQLITE_FORMAT,
          // The schema is checked, so the statements are valid unless the schema is damaged.
          SQLiteErrorCode.SQLITE_ERROR,
          SQLiteErrorCode.SQLITE_TOOBIG);

  private DatabaseFailure() {}

  static RetrainException of(Path file, SQLException e) {
    SQLiteErrorCode code =
        e instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    // The low byte is the primary result code.
    SQLiteErrorCode primary = SQLiteErrorCode.getErrorCode(code.code & 0xFF);
    if (primary == SQLiteErrorCode.SQLITE_BUSY || primary == SQLiteErrorCode.SQLITE_LOCKED) {
      return new RetrainException(
          e,
          "Another process is writing to the cache %s; wait until it ends, or change %s.",
          file,
          Setting.CACHE_DIRECTORY);
    }
    if (primary == SQLiteErrorCode.SQLITE_FULL) {
      return new RetrainException(
          e,
          "The disk is full: the cache %s can't grow. Free some disk space or change %s, and run the"
              + " command again.",
          file,
          Setting.CACHE_DIRECTORY);
    }
    if (primary == SQLiteErrorCode.SQLITE_READONLY
        && code != SQLiteErrorCode.SQLITE_READONLY_DBMOVED) {
      return new RetrainException(
          e,
          "The cache %s can't be written: it is read-only, so new vectors can't be stored. Change the"
              + " permissions of the file and its directory, or change %s.",
          file,
          Setting.CACHE_DIRECTORY);
    }
    if (ACCESS.contains(primary)) {
      return new RetrainException(
          e,
          "The cache %s can't be opened or written (%s). Change the permissions of the file and its"
              + " directory, or change %s.",
          file,
          ReadOnlyFile.obstacle(file).orElseGet(e::getMessage),
          Setting.CACHE_DIRECTORY);
    }
    if (DAMAGE.contains(primary)) {
      return damaged(file, e);
    }
    return new RetrainException(e, "The cache %s can't be used: %s.", file, e.getMessage());
  }

  static RetrainException damaged(Path file, Throwable cause) {
    return new RetrainException(
        cause,
        "The cache %s is damaged or not a SQLite database. Remove it; its vectors are then computed"
            + " again.",
        file);
  }
}
