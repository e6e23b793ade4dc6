package dev.retrain.bottleneck.cache;

import dev.retrain.bottleneck.cache.FileStamp.Inode;
import dev.retrain.bottleneck.cache.database.CacheDatabase;
import dev.retrain.bottleneck.cache.database.RowChecksum;
import dev.retrain.dataset.ContentHash;
import dev.retrain.util.io.NameEncoding;
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

  /** The known files below a directory, by key; damaged rows are ignored. */
  Map<String, KnownFile> below(Path directory) {
    String key = KnownFile.key(directory);
    char separator = directory.getFileSystem().getSeparator().charAt(0);
    // The key of the root directory ends with a separator.
    String start = key.endsWith(String.valueOf(separator)) ? key : key + separator;
    Map<String, KnownFile> known = new HashMap<>();
    database.forEach(
        row -> put(row, known),
        "SELECT path, size, modified_ns, inode, changed_ns, sha256, checksum FROM picture"
            + " WHERE path >= ? AND path < ?",
        start,
        start.substring(0, start.length() - 1) + (char) (separator + 1));
    database.commit();
    return known;
  }

  /** Adds the file of a row, unless the row is damaged. */
  private static void put(ResultSet row, Map<String, KnownFile> known) throws SQLException {
    String path = row.getString(1);
    long number = row.getLong(4);
    Optional<Inode> inode =
        row.wasNull() ? Optional.empty() : Optional.of(new Inode(number, row.getLong(5)));
    FileStamp stamp = new FileStamp(row.getLong(2), row.getLong(3), inode);
    byte[] sha256 = row.getBytes(6);
    if (path != null
        && sha256 != null
        && sha256.length == ContentHash.BYTES
        && checksum(path, stamp, sha256) == row.getLong(7)) {
      known.put(path, new KnownFile(stamp, ContentHash.fromBytes(sha256)));
    }
  }

  private static long checksum(String path, FileStamp stamp, byte[] sha256) {
    return RowChecksum.of(
        path,
        stamp.size(),
        stamp.modified(),
        stamp.inode().map(Inode::number).orElse(null),
        stamp.inode().map(Inode::changed).orElse(null),
        sha256);
  }

  /** Inserts or replaces a file; part of the open transaction. */
  void put(Path path, KnownFile known) {
    String key = KnownFile.key(path);
    // A name that really contains U+FFFD can't be restored from its key; such files are always
    // read.
    if (NameEncoding.isLossy(key) && !NameEncoding.isLossy(path.toAbsolutePath())) {
      return;
    }
    FileStamp stamp = known.stamp();
    database.update(
        "INSERT OR REPLACE INTO picture"
            + " (path, size, modified_ns, inode, changed_ns, sha256, checksum)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        key,
        stamp.size(),
        stamp.modified(),
        stamp.inode().map(Inode::number).orElse(null),
        stamp.inode().map(Inode::changed).orElse(null),
        known.hash().bytes(),
        checksum(key, stamp, known.hash().bytes()));
  }

  /** All keys, sorted. */
  List<String> keys() {
    List<String> keys =
        database.query(
            row -> row.getString(1),
            "SELECT path FROM picture WHERE path IS NOT NULL ORDER BY path");
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
