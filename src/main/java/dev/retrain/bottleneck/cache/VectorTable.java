package dev.retrain.bottleneck.cache;

import dev.retrain.bottleneck.cache.database.CacheDatabase;
import dev.retrain.dataset.ContentHash;
import dev.retrain.util.RetrainException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The table {@code vector}: which record of a backbone's vector file holds the vector of an image.
 */
final class VectorTable {
  private static final String UNREFERENCED =
      " WHERE sha256 NOT IN (SELECT sha256 FROM picture UNION SELECT sha256 FROM imported)";

  private final CacheDatabase database;

  VectorTable(CacheDatabase database) {
    this.database = database;
  }

  /** The records of a backbone's vectors, by image. */
  Map<ContentHash, Long> records(long backbone) {
    Map<ContentHash, Long> records = new HashMap<>();
    database.forEach(
        row -> put(row, records), "SELECT sha256, record FROM vector WHERE backbone = ?", backbone);
    database.commit();
    return records;
  }

  /** Adds the image and the record of a row, unless the row is damaged. */
  private static void put(ResultSet row, Map<ContentHash, Long> records) throws SQLException {
    byte[] sha256 = row.getBytes(1);
    if (sha256 != null && sha256.length == ContentHash.BYTES) {
      records.put(ContentHash.fromBytes(sha256), row.getLong(2));
    }
  }

  /** The images of a backbone in the order of their records; part of the open transaction. */
  List<Map.Entry<ContentHash, Long>> inRecordOrder(long backbone) {
    Map<ContentHash, Long> records = new LinkedHashMap<>();
    database.forEach(
        row -> put(row, records),
        "SELECT sha256, record FROM vector WHERE backbone = ? ORDER BY record",
        backbone);
    return List.copyOf(records.entrySet());
  }

  /**
   * Inserts a vector's record; part of the open transaction.
   *
   * @return false if the image has a vector already, which then remains
   */
  boolean insert(long backbone, ContentHash hash, long record) {
    return database.update(
            "INSERT OR IGNORE INTO vector (backbone, sha256, record) VALUES (?, ?, ?)",
            backbone,
            hash.bytes(),
            record)
        == 1;
  }

  /** The last record that a vector of a backbone has, or -1; part of the open transaction. */
  long lastRecord(long backbone) {
    return database
        .query(
            row -> row.getLong(1),
            "SELECT coalesce(max(record), -1) FROM vector WHERE backbone = ?",
            backbone)
        .get(0);
  }

  /** Numbers the records of images from 0, in this order; part of the open transaction. */
  void renumber(long backbone, List<ContentHash> hashes) {
    database.updateEach(
        "UPDATE vector SET record = ? WHERE backbone = ? AND sha256 = ?",
        IntStream.range(0, hashes.size())
            .mapToObj(i -> new Object[] {(long) i, backbone, hashes.get(i).bytes()}));
  }

  /**
   * Deletes vectors, unless the backbone's file has been replaced in the meantime; commits.
   *
   * @throws RetrainException if the index is damaged, too, so that rows are not found by their key
   */
  void delete(BackboneRow backbone, Collection<ContentHash> hashes) {
    database.checkIntegrity();
    database.updateEach(
        "DELETE FROM vector WHERE sha256 = ? AND backbone ="
            + " (SELECT id FROM backbone WHERE id = ? AND generation = ?)",
        hashes.stream()
            .map(hash -> new Object[] {hash.bytes(), backbone.id(), backbone.generation()}));
    database.commit();
  }

  /** Bytes of the vectors that no image file and no imported name refers to. */
  long unreferencedBytes() {
    return database
        .query(
            row -> row.getLong(1),
            "SELECT coalesce(sum(4 * vector_length), 0)"
                + " FROM vector JOIN backbone ON backbone.id = vector.backbone"
                + UNREFERENCED)
        .get(0);
  }

  /** Deletes those vectors; returns how many. Part of the open transaction. */
  int deleteUnreferenced() {
    return database.update("DELETE FROM vector" + UNREFERENCED);
  }
}
