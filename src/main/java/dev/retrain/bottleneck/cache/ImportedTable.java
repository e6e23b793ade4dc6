package dev.retrain.bottleneck.cache;

import dev.retrain.bottleneck.cache.database.CacheDatabase;
import dev.retrain.dataset.ContentHash;
import java.util.List;

/** The table {@code imported}: names of images whose vectors were imported without the image. */
final class ImportedTable {
  private final CacheDatabase database;

  ImportedTable(CacheDatabase database) {
    this.database = database;
  }

  /** Inserts a name, {@code class/file}; part of the open transaction. */
  void put(String name) {
    database.update(
        "INSERT OR IGNORE INTO imported (name, sha256) VALUES (?, ?)",
        name,
        ContentHash.ofName(name).bytes());
  }

  /** All names, sorted. */
  List<String> names() {
    List<String> names =
        database.query(row -> row.getString(1), "SELECT name FROM imported ORDER BY name");
    database.commit();
    return names;
  }

  /** Deletes all names; part of the open transaction. */
  void deleteAll() {
    database.update("DELETE FROM imported");
  }
}
