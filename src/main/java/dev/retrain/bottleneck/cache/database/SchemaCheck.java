package dev.retrain.bottleneck.cache.database;

import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares the schema of a database with the expected one. A trigger, a view or a generated column
 * of a foreign file would run with the statements of this program.
 */
final class SchemaCheck {
  /** SQLite's own tables: the counter of AUTOINCREMENT, and what ANALYZE collects. */
  private static final Set<String> OWN = Set.of("sqlite_sequence", "sqlite_stat1", "sqlite_stat4");

  private SchemaCheck() {}

  /**
   * @param tables the statements that create the expected tables
   * @throws RetrainException if the database has anything else, or lacks one of them
   * @throws SQLException if the schema can't be read
   */
  static void requireEqual(Connection connection, Path file, List<String> tables)
      throws SQLException {
    Set<String> missing =
        tables.stream().map(SchemaCheck::normalized).collect(Collectors.toCollection(HashSet::new));
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT type, name, sql FROM sqlite_schema ORDER BY rowid")) {
      while (row.next()) {
        String type = String.valueOf(row.getString(1));
        String name = String.valueOf(row.getString(2));
        String sql = row.getString(3);
        boolean own =
            (type.equals("table") && OWN.contains(name))
                || (type.equals("index") && sql == null && name.startsWith("sqlite_autoindex_"));
        if (!own && !(type.equals("table") && sql != null && missing.remove(normalized(sql)))) {
          throw notACache(
              file,
              String.format(
                  Locale.ROOT, "it has the %s '%s', which a cache does not have", type, name));
        }
      }
    }
    if (!missing.isEmpty()) {
      throw notACache(file, "its tables are not those of a cache");
    }
  }

  private static RetrainException notACache(Path file, String reason) {
    return new RetrainException(
        "%s is not a cache of this program: %s. Move the file away, or change %s.",
        file, reason, Setting.CACHE_DIRECTORY);
  }

  private static String normalized(String sql) {
    return sql.replaceAll("\\s+", " ").replace("( ", "(");
  }
}
