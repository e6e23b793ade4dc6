package dev.retrain.bottleneck.cache;

import dev.retrain.bottleneck.cache.FileStamp.Inode;
import dev.retrain.bottleneck.cache.database.CacheDatabase;
import dev.retrain.dataset.ContentHash;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table {@code picture}: the content hashes of image files by absolute path, so that unchanged
 * files need not be read again.
 */
final class ImageTable {
  private final CacheDatabase database;

  ImageTable(CacheDatabase database) {
    this.database = database;
  }

  /** The known files below a directory, by key. */
  Map<String, KnownFile> below(Path directory) {
    String prefix = KnownFile.key(directory) + directory.getFileSystem().getSeparator();
    Map<String, KnownFile> known = new HashMap<>();
    database.forEach(
        row ->
            known.put(
                row.getString(1),
                new KnownFile(
                    new FileStamp(row.getLong(2), row.getLong(3), inode(row)),
                    ContentHash.fromBytes(row.getBytes(6)))),
        "SELECT path, size, modified_ns, inode, changed_ns, sha256 FROM picture"
            + " WHERE path >= ? AND substr(path, 1, ?) = ?",
        prefix,
        prefix.codePointCount(0, prefix.length()),
        prefix);
    database.commit();
    return known;
  }

  private static Optional<Inode> inode(ResultSet row) throws SQLException {
    long number = row.getLong(4);
    return row.wasNull() ? Optional.empty() : Optional.of(new Inode(number, row.getLong(5)));
  }

  /** Inserts or replaces a file; part of the open transaction. */
  void put(Path path, KnownFile known) {
    // The locale can't represent this name, and another file may have the same replacement
    // characters: such files are always read.
    if (path.toString().indexOf('\uFFFD') >= 0) {
      return;
    }
    database.update(
        "INSERT OR REPLACE INTO picture (path, size, modified_ns, inode, changed_ns, sha256)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        KnownFile.key(path),
        known.stamp().size(),
        known.stamp().modified(),
        known.stamp().inode().map(Inode::number).orElse(null),
        known.stamp().inode().map(Inode::changed).orElse(null),
        known.hash().bytes());
  }

  /** All keys, sorted. */
  List<String> keys() {
    List<String> keys =
        database.query(row -> row.getString(1), "SELECT path FROM picture ORDER BY path");
    database.commit();
    return keys;
  }

  /** The number of files. */
  long count() {
    long count = database.query(row -> row.getLong(1), "SELECT count(*) FROM picture").get(0);
    database.commit();
    return count;
  }

  /** Deletes files by key; returns how many there were. Part of the open transaction. */
  int delete(Collection<String> keys) {
    return database.updateEach(
        "DELETE FROM picture WHERE path = ?", keys.stream().map(key -> new Object[] {key}));
  }
}
