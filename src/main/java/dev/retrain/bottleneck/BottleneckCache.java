package dev.retrain.bottleneck;

import dev.retrain.backbone.Backbone;
import dev.retrain.work.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The bottleneck vectors on disk: in the cache directory a SQLite database, {@value #FILE}, which
 * is the index, and for each backbone a {@link VectorFile}, which holds the numbers.
 *
 * <p>Three tables. {@code backbone} numbers the identities ({@link Backbone#identity}) and says how
 * many records of its file count; {@code vector} says in which record the vector of a picture is,
 * under a backbone and the SHA-256 of the picture's content; {@code picture} remembers that hash
 * for a path, with the file's size and time, so that an unchanged file is not read again. A changed
 * picture therefore has another hash and never finds the old vector; a touched or copied one finds
 * its own.
 *
 * <p>Records are forced to disk before the database counts them, and the database keeps a
 * write-ahead log: what was committed survives a killed process, what was not is not there. One
 * process writes at a time; another waits up to {@value #BUSY_MILLIS} ms.
 *
 * <p>Owns a database connection and the files it writes to; not for use by several threads at once.
 */
public final class BottleneckCache implements AutoCloseable {
  /** The database's file name. */
  public static final String FILE = "bottlenecks.sqlite";

  private static final int SCHEMA = 2;
  private static final int BUSY_MILLIS = 30_000;

  private final Path file;
  private final Connection connection;

  /** Where the vectors of each backbone go, once one was put. */
  private final Map<Long, Appender> appenders = new HashMap<>();

  /**
   * Opens a cache, making it where there is none.
   *
   * @param directory the cache directory
   * @throws Failure where the file there is damaged or no cache
   * @throws IOException where the directory can't be made
   */
  public BottleneckCache(Path directory) throws IOException {
    Files.createDirectories(directory);
    file = directory.resolve(FILE);
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setBusyTimeout(BUSY_MILLIS);
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

  /**
   * Whether a directory holds a cache.
   *
   * @param directory the cache directory
   */
  public static boolean exists(Path directory) {
    return Files.isRegularFile(directory.resolve(FILE));
  }

  private void prepareSchema() throws SQLException {
    int found = userVersion();
    if (found != 0 && found != SCHEMA) {
      throw new Failure(
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
      sql.execute(
          """
          CREATE TABLE IF NOT EXISTS backbone (
            id INTEGER PRIMARY KEY,
            identity TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            vector_length INTEGER NOT NULL,
            records INTEGER NOT NULL)""");
      sql.execute(
          """
          CREATE TABLE IF NOT EXISTS picture (
            path TEXT PRIMARY KEY,
            size INTEGER NOT NULL,
            modified_ns INTEGER NOT NULL,
            sha256 BLOB NOT NULL)""");
      sql.execute(
          """
          CREATE TABLE IF NOT EXISTS vector (
            backbone INTEGER NOT NULL REFERENCES backbone (id),
            sha256 BLOB NOT NULL,
            record INTEGER NOT NULL,
            PRIMARY KEY (backbone, sha256)) WITHOUT ROWID""");
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

  /** A file as the cache knows it. */
  record Known(FileStamp stamp, ContentHash hash) {}

  /**
   * A backbone as the cache knows it.
   *
   * @param id its number
   * @param vectorLength floats in its vectors
   */
  record Filed(long id, int vectorLength) {}

  /** What the cache knows of a backbone, if it has seen it. */
  Optional<Filed> find(Backbone backbone) {
    try (PreparedStatement sql =
        connection.prepareStatement("SELECT id, vector_length FROM backbone WHERE identity = ?")) {
      sql.setString(1, backbone.identity());
      Optional<Filed> found;
      try (ResultSet row = sql.executeQuery()) {
        found =
            row.next() ? Optional.of(new Filed(row.getLong(1), row.getInt(2))) : Optional.empty();
      }
      // A read that stays open keeps later writes out.
      connection.commit();
      return found;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** The cache's number for a backbone, given on first sight. */
  long backboneId(Backbone backbone, int vectorLength) {
    Optional<Filed> found = find(backbone);
    if (found.isEmpty()) {
      add(backbone, vectorLength);
      found = find(backbone);
    }
    Filed filed = found.orElseThrow();
    if (filed.vectorLength() != vectorLength) {
      throw new Failure(
          "%s is damaged: vectors of %s are %d floats there, but %d here; remove it."
              .formatted(file, backbone.name(), filed.vectorLength(), vectorLength));
    }
    return filed.id();
  }

  private void add(Backbone backbone, int vectorLength) {
    try (PreparedStatement sql =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO backbone (identity, name, vector_length, records)"
                + " VALUES (?, ?, ?, 0)")) {
      sql.setString(1, backbone.identity());
      sql.setString(2, backbone.name());
      sql.setInt(3, vectorLength);
      sql.executeUpdate();
      connection.commit();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Every file known below a directory, by path. */
  Map<String, Known> picturesBelow(Path directory) {
    String prefix = key(directory) + directory.getFileSystem().getSeparator();
    try (PreparedStatement sql =
        connection.prepareStatement(
            "SELECT path, size, modified_ns, sha256 FROM picture"
                + " WHERE path >= ? AND substr(path, 1, ?) = ?")) {
      sql.setString(1, prefix);
      sql.setInt(2, prefix.codePointCount(0, prefix.length()));
      sql.setString(3, prefix);
      Map<String, Known> known = new HashMap<>();
      try (ResultSet row = sql.executeQuery()) {
        while (row.next()) {
          known.put(
              row.getString(1),
              new Known(
                  new FileStamp(row.getLong(2), row.getLong(3)),
                  ContentHash.fromBytes(row.getBytes(4))));
        }
      }
      connection.commit();
      return known;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** A file's name in the cache. */
  static String key(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }

  /** The pictures whose vectors are there, and the records they are in. */
  Map<ContentHash, Long> records(long backbone) {
    try (PreparedStatement sql =
        connection.prepareStatement("SELECT sha256, record FROM vector WHERE backbone = ?")) {
      sql.setLong(1, backbone);
      Map<ContentHash, Long> records = new HashMap<>();
      try (ResultSet row = sql.executeQuery()) {
        while (row.next()) {
          records.put(ContentHash.fromBytes(row.getBytes(1)), row.getLong(2));
        }
      }
      connection.commit();
      return records;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Remembers a file's hash; part of the next {@link #commit}. */
  void putPicture(Path path, Known known) {
    try (PreparedStatement sql =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO picture (path, size, modified_ns, sha256)"
                + " VALUES (?, ?, ?, ?)")) {
      sql.setString(1, key(path));
      sql.setLong(2, known.stamp().size());
      sql.setLong(3, known.stamp().modified());
      sql.setBytes(4, known.hash().bytes());
      sql.executeUpdate();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** A backbone's file while vectors are added to it. */
  private static final class Appender {
    final VectorFile file;

    /** Where the next vector goes; -1 where no transaction is open on the file. */
    long next = -1;

    Appender(VectorFile file) {
      this.file = file;
    }
  }

  /**
   * Files a vector, {@code length} floats from {@code offset}, unless the picture has one already;
   * part of the next {@link #commit}.
   */
  void putVector(long backbone, ContentHash hash, float[] values, int offset, int length) {
    try {
      Appender appender = appender(backbone, length);
      try (PreparedStatement sql =
          connection.prepareStatement(
              "INSERT OR IGNORE INTO vector (backbone, sha256, record) VALUES (?, ?, ?)")) {
        sql.setLong(1, backbone);
        sql.setBytes(2, hash.bytes());
        sql.setLong(3, appender.next);
        if (sql.executeUpdate() == 1) {
          appender.file.put(appender.next, hash, values, offset);
          appender.next++;
        }
      }
    } catch (SQLException e) {
      throw failure(e);
    } catch (IOException e) {
      throw failure(backbone, e);
    }
  }

  private Appender appender(long backbone, int length) throws SQLException, IOException {
    Appender appender = appenders.get(backbone);
    if (appender == null) {
      appender = new Appender(VectorFile.write(vectorFile(backbone), length));
      appenders.put(backbone, appender);
    }
    if (appender.next < 0) {
      // An update that changes nothing takes the right to write: the count is nobody else's then.
      try (PreparedStatement take =
              connection.prepareStatement("UPDATE backbone SET records = records WHERE id = ?");
          PreparedStatement count =
              connection.prepareStatement("SELECT records FROM backbone WHERE id = ?")) {
        take.setLong(1, backbone);
        take.executeUpdate();
        count.setLong(1, backbone);
        try (ResultSet row = count.executeQuery()) {
          row.next();
          appender.next = row.getLong(1);
        }
      }
    }
    return appender;
  }

  private Path vectorFile(long backbone) {
    return file.resolveSibling("vectors-%d.bin".formatted(backbone));
  }

  /** Makes what was put survive. */
  void commit() {
    try (PreparedStatement sql =
        connection.prepareStatement("UPDATE backbone SET records = ? WHERE id = ?")) {
      for (Map.Entry<Long, Appender> entry : appenders.entrySet()) {
        if (entry.getValue().next >= 0) {
          force(entry.getKey(), entry.getValue());
          sql.setLong(1, entry.getValue().next);
          sql.setLong(2, entry.getKey());
          sql.executeUpdate();
          entry.getValue().next = -1;
        }
      }
      connection.commit();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private void force(long backbone, Appender appender) {
    try {
      appender.file.force();
    } catch (IOException e) {
      throw failure(backbone, e);
    }
  }

  /** Forgets vectors, as damaged ones; their pictures are computed again. */
  void drop(long backbone, Collection<ContentHash> hashes) {
    try (PreparedStatement sql =
        connection.prepareStatement("DELETE FROM vector WHERE backbone = ? AND sha256 = ?")) {
      for (ContentHash hash : hashes) {
        sql.setLong(1, backbone);
        sql.setBytes(2, hash.bytes());
        sql.executeUpdate();
      }
      connection.commit();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /**
   * Opens the vectors of a backbone for reading, as they are now; close it.
   *
   * @return the reader, which does not need the cache any more
   */
  VectorReader reader(Filed backbone) {
    Map<ContentHash, Long> records = records(backbone.id());
    try {
      Path path = vectorFile(backbone.id());
      if (!Files.exists(path)) {
        // Nothing was put yet, or the file was removed by hand: then every read says so.
        VectorFile.write(path, backbone.vectorLength()).close();
      }
      return new VectorReader(VectorFile.read(path, backbone.vectorLength()), records);
    } catch (IOException e) {
      throw failure(backbone.id(), e);
    }
  }

  /**
   * What the cache holds of one backbone.
   *
   * @param name the backbone's name
   * @param identity all that its vectors depend on
   * @param vectorLength floats in a vector
   * @param vectors how many vectors there are
   */
  public record Entry(String name, String identity, int vectorLength, long vectors) {
    /** Bytes of the vectors themselves. */
    public long bytes() {
      return 4L * vectorLength * vectors;
    }
  }

  /** What is cached, by backbone. */
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    try (Statement sql = connection.createStatement();
        ResultSet row =
            sql.executeQuery(
                "SELECT name, identity, vector_length,"
                    + " (SELECT count(*) FROM vector WHERE backbone = id)"
                    + " FROM backbone ORDER BY name, id")) {
      while (row.next()) {
        entries.add(new Entry(row.getString(1), row.getString(2), row.getInt(3), row.getLong(4)));
      }
    } catch (SQLException e) {
      throw failure(e);
    }
    commit();
    return entries;
  }

  /** How many picture files the cache remembers. */
  public long pictures() {
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("SELECT count(*) FROM picture")) {
      long count = row.getLong(1);
      connection.commit();
      return count;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** The database file. */
  public Path file() {
    return file;
  }

  private Failure failure(long backbone, IOException e) {
    return new Failure(
        "The vectors in %s can't be read or written (%s).".formatted(vectorFile(backbone), e), e);
  }

  private Failure failure(SQLException e) {
    SQLiteErrorCode code =
        e instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    // The low byte is the primary code, the rest tells more of it.
    int primary = code.code & 0xFF;
    if (primary == SQLiteErrorCode.SQLITE_BUSY.code
        || primary == SQLiteErrorCode.SQLITE_LOCKED.code) {
      return new Failure(
          "The cache %s is being written by another process; wait for it or use another"
                  .formatted(file)
              + " --bottleneck-dir.",
          e);
    }
    if (primary == SQLiteErrorCode.SQLITE_CORRUPT.code
        || primary == SQLiteErrorCode.SQLITE_NOTADB.code) {
      return new Failure(
          "The cache %s is damaged or no SQLite database; remove it, and its vectors are computed"
                  .formatted(file)
              + " again.",
          e);
    }
    if (primary == SQLiteErrorCode.SQLITE_FULL.code) {
      return new Failure("The disk is full: the cache %s can't grow.".formatted(file), e);
    }
    return new Failure("The cache %s can't be used: %s.".formatted(file, e.getMessage()), e);
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
    } finally {
      closeFiles();
    }
  }

  private void closeFiles() {
    for (Map.Entry<Long, Appender> entry : appenders.entrySet()) {
      try {
        entry.getValue().file.close();
      } catch (IOException e) {
        throw failure(entry.getKey(), e);
      }
    }
    appenders.clear();
  }
}
