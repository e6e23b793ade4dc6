package dev.retrain.bottleneck.cache;

import dev.retrain.backbone.BackboneIdentity;
import dev.retrain.bottleneck.cache.database.CacheDatabase;
import dev.retrain.bottleneck.cache.database.RowChecksum;
import dev.retrain.util.RetrainException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The table {@code backbone}: backbones by identity, with the state of their vector files. */
final class BackboneTable {
  private static final String COLUMNS =
      "SELECT id, vector_length, generation, identity, name, checksum FROM backbone";

  private final CacheDatabase database;

  BackboneTable(CacheDatabase database) {
    this.database = database;
  }

  /**
   * The row of a backbone, if the cache has one.
   *
   * @throws RetrainException if the row is damaged
   */
  Optional<BackboneRow> find(BackboneIdentity backbone) {
    return find(backbone.text());
  }

  /** {@link #find(BackboneIdentity)}, by the text of the identity. */
  Optional<BackboneRow> find(String identity) {
    List<BackboneRow> found =
        database.query(row -> row(row, identity), COLUMNS + " WHERE identity = ?", identity);
    database.commit();
    return found.stream().findFirst();
  }

  /**
   * All rows; part of the open transaction.
   *
   * @throws RetrainException if one is damaged
   */
  List<BackboneRow> all() {
    return database.query(this::row, COLUMNS);
  }

  private BackboneRow row(ResultSet row, String expected) throws SQLException {
    // A damaged index of the table would find the row of another backbone.
    if (!expected.equals(row.getString(4))) {
      throw database.damaged();
    }
    return row(row);
  }

  private BackboneRow row(ResultSet row) throws SQLException {
    long id = row.getLong(1);
    if (checksum(row) != row.getLong(6)) {
      throw database.damaged();
    }
    return new BackboneRow(id, row.getInt(2), row.getLong(3));
  }

  /**
   * The row of a backbone; inserts it if there is none.
   *
   * @throws RetrainException if the cache has vectors of another length for this backbone
   */
  BackboneRow findOrInsert(BackboneIdentity backbone, int vectorLength) {
    Optional<BackboneRow> found = find(backbone);
    if (found.isEmpty()) {
      database.update(
          "INSERT OR IGNORE INTO backbone (identity, name, vector_length, generation, records)"
              + " VALUES (?, ?, ?, 0, 0)",
          backbone.text(),
          backbone.name(),
          vectorLength);
      setChecksum(backbone);
      database.commit();
      found = find(backbone);
    }
    BackboneRow row = found.orElseThrow();
    if (row.vectorLength() != vectorLength) {
      throw new RetrainException(
          "The cache %s is damaged: its vectors of %s have %d floats, expected %d. Remove it.",
          database.file(), backbone.name(), row.vectorLength(), vectorLength);
    }
    return row;
  }

  /** The checksum of the columns that never change. */
  private static long checksum(ResultSet row) throws SQLException {
    return RowChecksum.of(row.getLong(1), row.getLong(2), row.getString(4), row.getString(5));
  }

  /** Sets the checksum of a new row, which includes the id that SQLite has chosen. */
  private void setChecksum(BackboneIdentity backbone) {
    database
        .query(
            row -> new Object[] {checksum(row), row.getLong(1)},
            COLUMNS + " WHERE identity = ? AND checksum IS NULL",
            backbone.text())
        .forEach(
            values -> database.update("UPDATE backbone SET checksum = ? WHERE id = ?", values));
  }

  /**
   * Acquires the write lock of the database until the transaction ends. SQLite grants it with the
   * first change, and this one changes nothing.
   */
  void lock() {
    database.update("UPDATE backbone SET records = records");
  }

  /**
   * The next free record of a backbone's vector file, and the file's generation. Acquires the write
   * lock, so that no other process uses the same record.
   *
   * @throws RetrainException if another process has deleted the backbone
   */
  WritePosition lockWritePosition(long backbone) {
    database.update("UPDATE backbone SET records = records WHERE id = ?", backbone);
    return database
        .query(
            row -> new WritePosition(row.getLong(1), row.getLong(2)),
            "SELECT records, generation FROM backbone WHERE id = ?",
            backbone)
        .stream()
        .findFirst()
        .orElseThrow(
            () ->
                new RetrainException(
                    "Another process has deleted these vectors from %s. Run again.",
                    database.file()));
  }

  /**
   * Where the next vector is written.
   *
   * @param record the record
   * @param generation the generation of the file
   */
  record WritePosition(long record, long generation) {}

  /** Sets how many records of a backbone's file are valid. */
  void setRecords(long backbone, long records) {
    database.update("UPDATE backbone SET records = ? WHERE id = ?", records, backbone);
  }

  /**
   * Moves a backbone to the next generation, with as many records as it has vectors, if its current
   * file has unused records.
   *
   * @return whether it has
   */
  boolean startGeneration(long backbone) {
    return database.update(
            "UPDATE backbone SET generation = generation + 1, records ="
                + " (SELECT count(*) FROM vector WHERE backbone = id)"
                + " WHERE id = ? AND records >"
                + " (SELECT count(*) FROM vector WHERE backbone = id)",
            backbone)
        > 0;
  }

  /** Deletes the backbones that have no vectors; returns how many. */
  int deleteUnused() {
    return database.update("DELETE FROM backbone WHERE id NOT IN (SELECT backbone FROM vector)");
  }

  /** Summaries of all backbones, sorted by name. */
  List<CachedBackbone> entries() {
    List<CachedBackbone> entries =
        database.query(
            row ->
                new CachedBackbone(
                    row.getString(1),
                    row.getString(2),
                    row.getInt(3),
                    row.getLong(4),
                    row.getLong(5)),
            "SELECT name, identity, vector_length,"
                + " (SELECT count(*) FROM vector WHERE backbone = id),"
                + " (SELECT count(*) FROM vector JOIN imported USING (sha256)"
                + " WHERE backbone = id)"
                + " FROM backbone ORDER BY name, id");
    database.commit();
    return entries;
  }
}
