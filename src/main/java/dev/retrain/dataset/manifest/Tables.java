package dev.retrain.dataset.manifest;

import dev.retrain.util.RetrainException;
import dev.retrain.util.parquet.ParquetTable;
import dev.retrain.util.table.CsvTable;
import dev.retrain.util.table.TableReader;
import dev.retrain.util.table.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Opens tables. The format is that of the file's extension; of other files, it is detected. */
final class Tables {
  private Tables() {}

  /**
   * Opens a table.
   *
   * @throws RetrainException if the file is not UTF-8, has no columns, or has an unknown format
   * @throws IOException if the file can't be read
   */
  static TableReader open(Path file) throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    String extension = name.substring(name.lastIndexOf('.') + 1);
    if (extension.equals("parquet") || (!isTable(file) && ParquetTable.isParquet(file))) {
      return ParquetTable.open(file);
    }
    TextFile.check(file);
    return switch (extension) {
      case "csv" -> CsvTable.open(file, ',');
      case "tsv", "tab" -> CsvTable.open(file, '\t');
      case "jsonl", "ndjson", "json" -> JsonLinesTable.open(file);
      default -> detect(file);
    };
  }

  private static TableReader detect(Path file) throws IOException {
    String first;
    try (BufferedReader reader = TextFile.open(file)) {
      first = reader.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    }
    if (first.stripLeading().startsWith("{")) {
      return JsonLinesTable.open(file);
    }
    return CsvTable.open(file, first.indexOf('\t') >= 0 ? '\t' : ',');
  }

  /** Whether a file's extension is that of a table. */
  static boolean isTable(Path file) {
    return file.getFileName()
        .toString()
        .toLowerCase(Locale.ROOT)
        .matches(".*\\.(csv|tsv|tab|jsonl|ndjson|json|parquet)");
  }

  /** The lines of a text file that are not blank. */
  static List<String> lines(Path file) throws IOException {
    TextFile.check(file);
    try (BufferedReader reader = TextFile.open(file)) {
      return reader.lines().filter(line -> !line.isBlank()).toList();
    }
  }
}
