package dev.retrain.dataset.manifest;

import dev.retrain.util.RetrainException;
import dev.retrain.util.parquet.ParquetTable;
import dev.retrain.util.table.TableReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A list of files: a table with a column {@code path}, or a path on each line. */
public final class PathList {
  private PathList() {}

  /**
   * The paths as they are written.
   *
   * @throws RetrainException if the file is not UTF-8 or malformed
   * @throws IOException if it can't be read
   */
  public static List<String> read(Path file) throws IOException {
    if (!Tables.isTable(file) && !ParquetTable.isParquet(file)) {
      return Tables.lines(file);
    }
    try (TableReader table = Tables.open(file)) {
      Optional<String> column = ResolvedColumns.path(table.columns());
      if (column.isEmpty()) {
        throw new RetrainException(
            "%s has no column 'path'; its columns are: %s. Rename one, or give a text file with a"
                + " path on each line.",
            file, String.join(", ", table.columns()));
      }
      List<String> paths = new ArrayList<>();
      for (Optional<TableReader.Row> row = table.next(); row.isPresent(); row = table.next()) {
        row.get().cell(column.get()).filter(path -> !path.isBlank()).ifPresent(paths::add);
      }
      return paths;
    }
  }
}
