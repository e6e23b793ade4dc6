package dev.retrain.bottleneck.cache;

import dev.retrain.bottleneck.cache.BottleneckCache.Filed;
import dev.retrain.dataset.ContentHash;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The vectors of a cache: rows of its database that say where each is, and the files that hold
 * them, {@code vectors-<backbone>-<generation>.bin}.
 *
 * <p>Records are forced to disk before the database counts them, so what was committed is there,
 * and what was not is written over by the next.
 *
 * <p>Owns the files it writes to.
 */
final class VectorStore implements AutoCloseable {
  private static final String FILES = "vectors-*.bin";

  private final CacheDatabase database;

  /** Where the vectors of each backbone go, once one was put. */
  private final Map<Long, Appender> appenders = new HashMap<>();

  VectorStore(CacheDatabase database) {
    this.database = database;
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

  /** The images whose vectors are there, and the records they are in. */
  Map<ContentHash, Long> records(long backbone) {
    try (PreparedStatement sql =
        database
            .connection()
            .prepareStatement("SELECT sha256, record FROM vector WHERE backbone = ?")) {
      sql.setLong(1, backbone);
      Map<ContentHash, Long> records = new HashMap<>();
      try (ResultSet row = sql.executeQuery()) {
        while (row.next()) {
          records.put(ContentHash.fromBytes(row.getBytes(1)), row.getLong(2));
        }
      }
      database.commit();
      return records;
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  /** Files a vector, unless the image has one already; part of the next {@link #commit}. */
  void put(long backbone, ContentHash hash, float[] values, int offset, int length) {
    try {
      Appender appender = appender(backbone, length);
      try (PreparedStatement sql =
          database
              .connection()
              .prepareStatement(
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
      throw database.failure(e);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private Appender appender(long backbone, int length) throws SQLException, IOException {
    Appender appender = appenders.get(backbone);
    if (appender != null && appender.next >= 0) {
      return appender;
    }
    // An update that changes nothing takes the right to write: the count is nobody else's then.
    try (PreparedStatement take =
            database
                .connection()
                .prepareStatement("UPDATE backbone SET records = records WHERE id = ?");
        PreparedStatement count =
            database
                .connection()
                .prepareStatement("SELECT records, generation FROM backbone WHERE id = ?")) {
      take.setLong(1, backbone);
      take.executeUpdate();
      count.setLong(1, backbone);
      try (ResultSet row = count.executeQuery()) {
        if (!row.next()) {
          throw new RetrainException(
              "Another process has taken the vectors out of %s; run the command again."
                  .formatted(database.file()));
        }
        Path path = path(backbone, row.getLong(2));
        if (appender == null || !appender.file.path().equals(path)) {
          if (appender != null) {
            appender.file.close();
          }
          appender = new Appender(VectorFile.write(path, length));
          appenders.put(backbone, appender);
        }
        appender.next = row.getLong(1);
        return appender;
      }
    }
  }

  private Path path(long backbone, long generation) {
    return database
        .file()
        .resolveSibling(FILES.replace("*", "%d-%d").formatted(backbone, generation));
  }

  /** Makes what was put survive, here and elsewhere in the database. */
  void commit() {
    try (PreparedStatement sql =
        database.connection().prepareStatement("UPDATE backbone SET records = ? WHERE id = ?")) {
      for (Map.Entry<Long, Appender> entry : appenders.entrySet()) {
        Appender appender = entry.getValue();
        if (appender.next >= 0) {
          appender.file.force();
          sql.setLong(1, appender.next);
          sql.setLong(2, entry.getKey());
          sql.executeUpdate();
          appender.next = -1;
        }
      }
      database.commit();
    } catch (SQLException e) {
      throw database.failure(e);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Forgets vectors, as damaged ones; none where the file has been replaced in the meantime. */
  void drop(Filed backbone, Collection<ContentHash> hashes) {
    try (PreparedStatement sql =
        database
            .connection()
            .prepareStatement(
                "DELETE FROM vector WHERE sha256 = ? AND backbone ="
                    + " (SELECT id FROM backbone WHERE id = ? AND generation = ?)")) {
      for (ContentHash hash : hashes) {
        sql.setBytes(1, hash.bytes());
        sql.setLong(2, backbone.id());
        sql.setLong(3, backbone.generation());
        sql.executeUpdate();
      }
      database.commit();
    } catch (SQLException e) {
      throw database.failure(e);
    }
  }

  /** Opens the vectors of a backbone for reading, as they are now. */
  VectorReader reader(Filed backbone) {
    try {
      Path path = path(backbone.id(), backbone.generation());
      if (!Files.exists(path)) {
        // Nothing was put yet, or the file was removed by hand: then every read says so.
        VectorFile.write(path, backbone.vectorLength()).close();
      }
      // The file first: records that come in between are in it, too.
      VectorFile file = VectorFile.read(path, backbone.vectorLength());
      return new VectorReader(file, records(backbone.id()));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /**
   * Gives the space of records nothing points to back to the disk: files that have some are written
   * anew, files of no backbone removed.
   *
   * <p>All within one transaction, which keeps other writers out; old files go once it is on disk.
   * None of them can be anybody's by then, since neither numbers nor generations come again.
   *
   * @param backbones tells all that the cache knows, within the transaction
   */
  void compact(Supplier<List<Filed>> backbones) {
    try (Statement sql = database.connection().createStatement()) {
      closeFiles();
      // Takes the right to write.
      sql.executeUpdate("UPDATE backbone SET records = records");
      Set<Path> kept = new HashSet<>();
      for (Filed backbone : backbones.get()) {
        kept.add(compact(backbone));
      }
      List<Path> old = files().filter(file -> !kept.contains(file)).toList();
      database.commit();
      for (Path file : old) {
        Files.deleteIfExists(file);
      }
    } catch (SQLException e) {
      throw database.failure(e);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private Path compact(Filed backbone) throws SQLException, IOException {
    Path from = path(backbone.id(), backbone.generation());
    Path to = path(backbone.id(), backbone.generation() + 1);
    try (PreparedStatement take =
            database
                .connection()
                .prepareStatement(
                    "UPDATE backbone SET generation = generation + 1, records ="
                        + " (SELECT count(*) FROM vector WHERE backbone = id)"
                        + " WHERE id = ? AND records >"
                        + " (SELECT count(*) FROM vector WHERE backbone = id)");
        PreparedStatement move =
            database
                .connection()
                .prepareStatement(
                    "UPDATE vector SET record = ? WHERE backbone = ? AND sha256 = ?")) {
      take.setLong(1, backbone.id());
      if (take.executeUpdate() == 0) {
        return from;
      }
      Files.deleteIfExists(to);
      try (VectorFile whole = VectorFile.read(from, backbone.vectorLength());
          VectorFile smaller = VectorFile.write(to, backbone.vectorLength())) {
        float[] vector = new float[backbone.vectorLength()];
        long next = 0;
        for (Map.Entry<ContentHash, Long> entry : inOrder(backbone.id())) {
          // A damaged record stays one: its place holds zeros, which are no record.
          if (whole.get(entry.getValue(), entry.getKey(), vector, 0)) {
            smaller.put(next, entry.getKey(), vector, 0);
          }
          move.setLong(1, next++);
          move.setLong(2, backbone.id());
          move.setBytes(3, entry.getKey().bytes());
          move.executeUpdate();
        }
        smaller.force();
      }
      return to;
    }
  }

  private List<Map.Entry<ContentHash, Long>> inOrder(long backbone) throws SQLException {
    List<Map.Entry<ContentHash, Long>> entries = new ArrayList<>();
    try (PreparedStatement sql =
        database
            .connection()
            .prepareStatement(
                "SELECT sha256, record FROM vector WHERE backbone = ? ORDER BY record")) {
      sql.setLong(1, backbone);
      try (ResultSet row = sql.executeQuery()) {
        while (row.next()) {
          entries.add(Map.entry(ContentHash.fromBytes(row.getBytes(1)), row.getLong(2)));
        }
      }
    }
    return entries;
  }

  private Stream<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (var stream =
        Files.newDirectoryStream(database.file().toAbsolutePath().getParent(), FILES)) {
      stream.forEach(file -> files.add(database.file().resolveSibling(file.getFileName())));
    }
    return files.stream();
  }

  /** Bytes on disk. */
  long size() throws IOException {
    long size = 0;
    try (Stream<Path> files = files()) {
      for (Path file : files.toList()) {
        size += Files.size(file);
      }
    }
    return size;
  }

  private RetrainException failure(IOException e) {
    return new RetrainException(
        "The vectors beside %s can't be read or written (%s).".formatted(database.file(), e), e);
  }

  private void closeFiles() throws IOException {
    IOException first = null;
    for (Appender appender : appenders.values()) {
      try {
        appender.file.close();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    appenders.clear();
    if (first != null) {
      throw first;
    }
  }

  /** Closes the files; what was put since the last commit is dropped. */
  @Override
  public void close() {
    try {
      closeFiles();
    } catch (IOException e) {
      throw failure(e);
    }
  }
}
