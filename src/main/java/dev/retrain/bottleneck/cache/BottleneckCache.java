package dev.retrain.bottleneck.cache;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneIdentity;
import dev.retrain.dataset.ContentHash;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.Directories;
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

/**
 * The bottleneck vectors on disk: in the cache directory a SQLite database, {@value #FILE}, which
 * is the index, and beside it a file of records for each backbone, which holds the numbers ({@link
 * VectorFile}).
 *
 * <p>A vector is filed under its backbone's identity ({@link Backbone#identity}) and the SHA-256 of
 * the image's content; a path only remembers that hash, with the file's size and time, so that an
 * unchanged file is not read again. A changed image therefore has another hash and never finds the
 * old vector; a touched or copied one finds its own.
 *
 * <p>What was committed survives a killed process, what was not is not there. One process writes at
 * a time; another waits for half a minute.
 *
 * <p>Owns its files; not for use by several threads at once.
 */
public final class BottleneckCache implements AutoCloseable {
  /** The database's file name. */
  public static final String FILE = "bottlenecks.sqlite";

  private final CacheDatabase database;
  private final Connection connection;
  private final VectorStore vectors;

  /**
   * Opens a cache, making it where there is none.
   *
   * @param directory the cache directory
   * @throws RetrainException where the file there is damaged or no cache
   * @throws IOException where the directory can't be made
   */
  public BottleneckCache(Path directory) throws IOException {
    Directories.create(directory);
    database = new CacheDatabase(directory.resolve(FILE));
    connection = database.connection();
    vectors = new VectorStore(database);
  }

  /**
   * Whether a directory holds a cache.
   *
   * @param directory the cache directory
   */
  public static boolean exists(Path directory) {
    return Files.isRegularFile(directory.resolve(FILE));
  }

  /** A file as the cache knows it. */
  public record Known(FileStamp stamp, ContentHash hash) {
    /**
     * A file as it is.
     *
     * @param before as it was known, or null; one of the same stamp is not read again
     */
    public static Known now(Path file, Known before) throws IOException {
      // The stamp before the content: a change in between is seen by the next run.
      FileStamp stamp = FileStamp.read(file);
      return before != null && before.stamp().equals(stamp)
          ? before
          : new Known(stamp, ContentHash.of(Files.readAllBytes(file)));
    }
  }

  /**
   * A backbone as the cache knows it.
   *
   * @param id its number
   * @param vectorLength floats in its vectors
   * @param generation which of its files is in force
   */
  public record Filed(long id, int vectorLength, long generation) {}

  /** What the cache knows of a backbone, if it has seen it. */
  public Optional<Filed> find(BackboneIdentity backbone) {
    Optional<Filed> found = filed("WHERE identity = ?", backbone.text()).stream().findFirst();
    // A read that stays open keeps later writes out.
    database.commit();
    return found;
  }

  /** Within the transaction that is open, or is begun by this. */
  private List<Filed> filed(String where, String... arguments) {
    try (PreparedStatement sql =
        connection.prepareStatement(
            "SELECT id, vector_length, generation FROM backbone " + where)) {
      for (int i = 0; i < arguments.length; i++) {
        sql.setString(i + 1, arguments[i]);
      }
      List<Filed> found = new ArrayList<>();
      try (ResultSet row = sql.executeQuery()) {
        while (row.next()) {
          found.add(new Filed(row.getLong(1), row.getInt(2), row.getLong(3)));
        }
      }
      return found;
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  /** What the cache knows of a backbone, made known to it on first sight. */
  public Filed file(BackboneIdentity backbone, int vectorLength) {
    Optional<Filed> found = find(backbone);
    if (found.isEmpty()) {
      add(backbone, vectorLength);
      found = find(backbone);
    }
    Filed filed = found.orElseThrow();
    if (filed.vectorLength() != vectorLength) {
      throw new RetrainException(
          "%s is damaged: vectors of %s are %d floats there, but %d here; remove it."
              .formatted(database.file(), backbone.name(), filed.vectorLength(), vectorLength));
    }
    return filed;
  }

  private void add(BackboneIdentity backbone, int vectorLength) {
    try (PreparedStatement sql =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO backbone (identity, name, vector_length, generation, records)"
                + " VALUES (?, ?, ?, 0, 0)")) {
      sql.setString(1, backbone.text());
      sql.setString(2, backbone.name());
      sql.setInt(3, vectorLength);
      sql.executeUpdate();
      connection.commit();
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  /** Every file known below a directory, by path. */
  public Map<String, Known> imagesBelow(Path directory) {
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
      throw database.failure(e);
    }
  }

  /** A file's name in the cache. */
  public static String key(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }

  /** Remembers a file's hash; part of the next {@link #commit}. */
  public void putImage(Path path, Known known) {
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
      throw database.failure(e);
    }
  }

  /**
   * Remembers the name of an image whose vector came without it; part of the next {@link #commit}.
   */
  public void putImported(String name) {
    try (PreparedStatement sql =
        connection.prepareStatement(
            "INSERT OR IGNORE INTO imported (name, sha256) VALUES (?, ?)")) {
      sql.setString(1, name);
      sql.setBytes(2, ContentHash.ofName(name).bytes());
      sql.executeUpdate();
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  /** The names of images whose vectors came without them, sorted. */
  public List<String> imported() {
    return database.strings("SELECT name FROM imported ORDER BY name");
  }

  /** The paths of all files the cache remembers, sorted. */
  List<String> paths() {
    return database.strings("SELECT path FROM picture ORDER BY path");
  }

  /** The images whose vectors are there, and the records they are in. */
  public Map<ContentHash, Long> records(Filed backbone) {
    return vectors.records(backbone.id());
  }

  /**
   * Files a vector, as many floats as it has from {@code offset} on, unless the image has one
   * already; part of the next {@link #commit}.
   */
  public void putVector(Filed backbone, ContentHash hash, float[] values, int offset) {
    vectors.put(backbone.id(), hash, values, offset, backbone.vectorLength());
  }

  /** Makes what was put survive. */
  public void commit() {
    vectors.commit();
  }

  /** Forgets vectors, as damaged ones; their images are computed again. */
  public void drop(Filed backbone, Collection<ContentHash> hashes) {
    vectors.drop(backbone, hashes);
  }

  /**
   * Opens the vectors of a backbone for reading, as they are now; close it.
   *
   * @return the reader, which does not need the cache any more
   */
  public VectorReader reader(Filed backbone) {
    return vectors.reader(backbone);
  }

  /**
   * What the cache holds of one backbone.
   *
   * @param name the backbone's name
   * @param identity all that its vectors depend on
   * @param vectorLength floats in a vector
   * @param vectors how many vectors there are
   * @param withoutImage how many of them were imported without their images
   */
  public record Entry(
      String name, String identity, int vectorLength, long vectors, long withoutImage) {
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
      throw database.failure(e);
    }
    commit();
    return entries;
  }

  /** How many image files the cache remembers. */
  public long images() {
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("SELECT count(*) FROM picture")) {
      long count = row.getLong(1);
      connection.commit();
      return count;
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  /**
   * What was taken out.
   *
   * @param images files no longer remembered
   * @param vectors vectors nothing refers to any more
   * @param bytes bytes of these vectors
   * @param backbones networks left without a vector
   */
  public record Pruned(long images, long vectors, long bytes, long backbones) {}

  /**
   * Forgets files, then takes out the vectors that nothing refers to any more, then the backbones
   * that are left without any.
   *
   * @param gone paths of the files, as {@link #paths} spells them
   * @param andImported whether vectors that came without images go, too
   * @param dryRun whether all stays as it is, and is only counted
   * @return what was, or would be, taken out
   */
  Pruned prune(Collection<String> gone, boolean andImported, boolean dryRun) {
    try (PreparedStatement forget =
            connection.prepareStatement("DELETE FROM picture WHERE path = ?");
        Statement sql = connection.createStatement()) {
      long images = 0;
      for (String path : gone) {
        forget.setString(1, path);
        images += forget.executeUpdate();
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
      return new Pruned(images, vectors, bytes, backbones);
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  /** Gives the space of what was taken out back to the disk. */
  void compact() {
    vectors.compact(() -> filed(""));
    database.compact();
  }

  /** Bytes on disk. */
  public long size() throws IOException {
    return database.size() + vectors.size();
  }

  /** The database file. */
  public Path file() {
    return database.file();
  }

  /** Closes the files; what was put since the last commit is dropped. */
  @Override
  public void close() {
    try (database) {
      vectors.close();
    }
  }
}
