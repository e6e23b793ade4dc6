package dev.retrain.bottleneck;

import dev.retrain.backbone.BackboneIdentity;
import dev.retrain.work.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The bottleneck vectors on disk: one SQLite database, {@value #FILE}, in the cache directory.
 *
 * <p>Four tables. {@code backbone} numbers the identities ({@link BackboneIdentity#text}); {@code
 * vector} files each vector (float32, little-endian) under a backbone and the SHA-256 of the
 * picture's content; {@code picture} remembers that hash for a path, with the file's size and time,
 * so that an unchanged file is not read again. A changed picture therefore has another hash and
 * never finds the old vector; a touched or copied one finds its own. {@code imported} remembers
 * what pictures are called whose vectors came without them: these stand under a hash of the name
 * ({@link ContentHash#ofName}).
 *
 * <p>Write-ahead logging: what was committed survives a killed process, what was not is not there.
 * One process writes at a time; another waits up to {@value #BUSY_MILLIS} ms.
 *
 * <p>Owns a database connection; not for use by several threads at once.
 */
public final class BottleneckCache implements AutoCloseable {
  /** The database's file name. */
  public static final String FILE = "bottlenecks.sqlite";

  private static final int SCHEMA = 2;
  private static final int BUSY_MILLIS = 30_000;
  private static final int PAGE_BYTES = 65_536;
  private static final long MMAP_BYTES = 1L << 40;

  private final Path file;
  private final Connection connection;

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
    config.setPageSize(PAGE_BYTES);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, Long.toString(MMAP_BYTES));
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
    if (found > SCHEMA) {
      throw new Failure(
          "%s was written by another version of this tool (schema %d, expected %d); use another"
                  .formatted(file, found, SCHEMA)
              + " --bottleneck-dir or remove it.");
    }
    if (found == SCHEMA) {
      return;
    }
    // A schema of 1 lacks the last table only.
    // One transaction, so that two processes that start together make one schema.
    try (Statement sql = connection.createStatement()) {
      sql.execute("BEGIN IMMEDIATE");
      sql.execute(
          """
          CREATE TABLE IF NOT EXISTS backbone (
            id INTEGER PRIMARY KEY,
            identity TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            vector_length INTEGER NOT NULL)""");
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
            float32_le BLOB NOT NULL,
            PRIMARY KEY (backbone, sha256))""");
      sql.execute(
          """
          CREATE TABLE IF NOT EXISTS imported (
            name TEXT PRIMARY KEY,
            sha256 BLOB NOT NULL UNIQUE)""");
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
  record Known(FileStamp stamp, ContentHash hash) {
    /**
     * A file as it is.
     *
     * @param before as it was known, or null; one of the same stamp is not read again
     */
    static Known now(Path file, Known before) throws IOException {
      // The stamp before the content: a change in between is seen by the next run.
      FileStamp stamp = FileStamp.of(file);
      return before != null && before.stamp().equals(stamp)
          ? before
          : new Known(stamp, ContentHash.of(Files.readAllBytes(file)));
    }
  }

  /** The cache's number for a backbone, given on first sight. */
  long backboneId(BackboneIdentity backbone, int vectorLength) {
    try (PreparedStatement find =
            connection.prepareStatement(
                "SELECT id, vector_length FROM backbone WHERE identity = ?");
        PreparedStatement add =
            connection.prepareStatement(
                "INSERT OR IGNORE INTO backbone (identity, name, vector_length) VALUES (?, ?, ?)")) {
      find.setString(1, backbone.text());
      for (int attempt = 0; ; attempt++) {
        OptionalLong found = OptionalLong.empty();
        try (ResultSet row = find.executeQuery()) {
          if (row.next()) {
            int length = row.getInt(2);
            long id = row.getLong(1);
            if (length != vectorLength) {
              throw new Failure(
                  "%s is damaged: vectors of %s are %d floats there, but %d here; remove it."
                      .formatted(file, backbone.name(), length, vectorLength));
            }
            found = OptionalLong.of(id);
          }
        }
        // A read that stays open keeps later writes out.
        connection.commit();
        if (found.isPresent()) {
          return found.getAsLong();
        }
        if (attempt > 0) {
          throw new IllegalStateException("the backbone was added, but is not there");
        }
        add.setString(1, backbone.text());
        add.setString(2, backbone.name());
        add.setInt(3, vectorLength);
        add.executeUpdate();
        connection.commit();
      }
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

  /** The pictures whose vectors are there. */
  Set<ContentHash> hashes(long backbone) {
    try (PreparedStatement sql =
        connection.prepareStatement("SELECT sha256 FROM vector WHERE backbone = ?")) {
      sql.setLong(1, backbone);
      Set<ContentHash> hashes = new HashSet<>();
      try (ResultSet row = sql.executeQuery()) {
        while (row.next()) {
          hashes.add(ContentHash.fromBytes(row.getBytes(1)));
        }
      }
      connection.commit();
      return hashes;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Remembers a file's hash; part of the next {@link #commit}. */
  void putPicture(Path path, Known known) {
    // Where the locale can't spell a name, two files may share one: then only the content tells.
    if (path.toString().indexOf('\uFFFD') >= 0) {
      return;
    }
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

  /**
   * Remembers the name of a picture whose vector came without it; part of the next {@link #commit}.
   */
  void putImported(String name) {
    try (PreparedStatement sql =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO imported (name, sha256) VALUES (?, ?)")) {
      sql.setString(1, name);
      sql.setBytes(2, ContentHash.ofName(name).bytes());
      sql.executeUpdate();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** The names of pictures whose vectors came without them, sorted. */
  List<String> imported() {
    return strings("SELECT name FROM imported ORDER BY name");
  }

  /** The paths of all files the cache remembers, sorted. */
  List<String> paths() {
    return strings("SELECT path FROM picture ORDER BY path");
  }

  private List<String> strings(String query) {
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      List<String> strings = new ArrayList<>();
      while (row.next()) {
        strings.add(row.getString(1));
      }
      commit();
      return strings;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /**
   * Files a vector, {@code length} floats from {@code offset}; part of the next {@link #commit}.
   */
  void putVector(long backbone, ContentHash hash, float[] values, int offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values, offset, length);
    try (PreparedStatement sql =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO vector (backbone, sha256, float32_le) VALUES (?, ?, ?)")) {
      sql.setLong(1, backbone);
      sql.setBytes(2, hash.bytes());
      sql.setBytes(3, bytes.array());
      sql.executeUpdate();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Makes what was put survive. */
  void commit() {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Reads vectors one by one; {@link #close} it. */
  Reader reader(long backbone, int vectorLength) {
    return new Reader(backbone, vectorLength);
  }

  /** Looks up vectors of one backbone. */
  final class Reader implements AutoCloseable {
    private final PreparedStatement sql;
    private final int vectorLength;

    private Reader(long backbone, int vectorLength) {
      this.vectorLength = vectorLength;
      PreparedStatement prepared = null;
      try {
        prepared =
            connection.prepareStatement(
                "SELECT float32_le FROM vector WHERE backbone = ? AND sha256 = ?");
        prepared.setLong(1, backbone);
        sql = prepared;
      } catch (SQLException e) {
        closeQuietly(prepared, e);
        throw failure(e);
      }
    }

    /** Copies a vector to {@code target} from {@code offset} on. */
    void read(ContentHash hash, float[] target, int offset) {
      try {
        sql.setBytes(2, hash.bytes());
        try (ResultSet row = sql.executeQuery()) {
          byte[] bytes = row.next() ? row.getBytes(1) : null;
          if (bytes == null || bytes.length != 4 * vectorLength) {
            throw new Failure(
                "%s is damaged: the vector of picture %s is %s; remove the file."
                    .formatted(
                        file,
                        hash.hex(),
                        bytes == null ? "missing" : bytes.length + " bytes long"));
          }
          ByteBuffer.wrap(bytes)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer()
              .get(target, offset, vectorLength);
        }
      } catch (SQLException e) {
        throw failure(e);
      }
    }

    @Override
    public void close() {
      try {
        sql.close();
        connection.commit();
      } catch (SQLException e) {
        throw failure(e);
      }
    }
  }

  /**
   * What the cache holds of one backbone.
   *
   * @param name the backbone's name
   * @param identity all that its vectors depend on
   * @param vectorLength floats in a vector
   * @param vectors how many vectors there are
   * @param withoutPicture how many of them were imported without their pictures
   */
  public record Entry(
      String name, String identity, int vectorLength, long vectors, long withoutPicture) {
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
                    + " (SELECT count(*) FROM vector WHERE backbone = id),"
                    + " (SELECT count(*) FROM vector JOIN imported USING (sha256)"
                    + " WHERE backbone = id)"
                    + " FROM backbone ORDER BY name, id")) {
      while (row.next()) {
        entries.add(
            new Entry(
                row.getString(1), row.getString(2), row.getInt(3), row.getLong(4), row.getLong(5)));
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

  /**
   * What was taken out.
   *
   * @param pictures files no longer remembered
   * @param vectors vectors nothing refers to any more
   * @param bytes bytes of these vectors
   * @param backbones networks left without a vector
   */
  public record Pruned(long pictures, long vectors, long bytes, long backbones) {
    /** Whether it was anything. */
    boolean any() {
      return pictures + vectors + backbones > 0;
    }
  }

  /**
   * Forgets files, then takes out the vectors that nothing refers to any more, then the backbones
   * that are left without any.
   *
   * @param gone paths of the files, as {@link #paths} spells them
   * @param andImported whether vectors that came without pictures go, too
   * @param dryRun whether all stays as it is, and is only counted
   * @return what was, or would be, taken out
   */
  Pruned prune(Collection<String> gone, boolean andImported, boolean dryRun) {
    try (PreparedStatement forget =
            connection.prepareStatement("DELETE FROM picture WHERE path = ?");
        Statement sql = connection.createStatement()) {
      long pictures = 0;
      for (String path : gone) {
        forget.setString(1, path);
        pictures += forget.executeUpdate();
      }
      if (andImported) {
        sql.executeUpdate("DELETE FROM imported");
      }
      String unused =
          " WHERE sha256 NOT IN (SELECT sha256 FROM picture UNION SELECT sha256 FROM imported)";
      long bytes;
      try (ResultSet row =
          sql.executeQuery(
              "SELECT coalesce(sum(4 * vector_length), 0)"
                  + " FROM vector JOIN backbone ON backbone.id = vector.backbone"
                  + unused)) {
        bytes = row.getLong(1);
      }
      long vectors = sql.executeUpdate("DELETE FROM vector" + unused);
      long backbones =
          sql.executeUpdate("DELETE FROM backbone WHERE id NOT IN (SELECT backbone FROM vector)");
      if (dryRun) {
        connection.rollback();
      } else {
        connection.commit();
      }
      return new Pruned(pictures, vectors, bytes, backbones);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Gives the space of what was taken out back to the disk. */
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
  public long size() throws IOException {
    long size = 0;
    for (Path part : List.of(file, file.resolveSibling(FILE + "-wal"))) {
      size += Files.exists(part) ? Files.size(part) : 0;
    }
    return size;
  }

  /** The database file. */
  public Path file() {
    return file;
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
    }
  }
}
