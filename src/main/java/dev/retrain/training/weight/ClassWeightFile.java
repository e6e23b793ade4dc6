package dev.retrain.training.weight;

import dev.retrain.util.RetrainException;
import dev.retrain.util.table.CsvTable;
import dev.retrain.util.table.TableReader.Row;
import dev.retrain.util.table.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads class weights from a CSV file in UTF-8 with the columns {@code class} and {@code weight},
 * in any order; other columns are ignored.
 */
public final class ClassWeightFile {
  private static final String CLASS = "class";
  private static final String WEIGHT = "weight";

  private final Path file;

  private ClassWeightFile(Path file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @param file the CSV file
   * @throws RetrainException if it isn't such a file, or a weight isn't finite and above 0; names
   *     the line
   * @throws IOException if it can't be read
   */
  public static ClassWeights.PerClass read(Path file) throws IOException {
    return new ClassWeightFile(file).read();
  }

  private ClassWeights.PerClass read() throws IOException {
    TextFile.check(file);
    Map<String, Double> weights = new LinkedHashMap<>();
    try (CsvTable table = CsvTable.open(file, ',')) {
      checkColumns(table.columns());
      for (Optional<Row> row = table.next(); row.isPresent(); row = table.next()) {
        add(row.get(), weights);
      }
    }
    if (weights.isEmpty()) {
      throw new RetrainException(
          "%s has no class weights. It must have a header row with the columns class and weight, and"
              + " a row for each class.",
          file);
    }
    return new ClassWeights.PerClass(file.toString(), weights);
  }

  private void checkColumns(List<String> columns) {
    for (String column : List.of(CLASS, WEIGHT)) {
      if (!columns.contains(column)) {
        throw new RetrainException(
            "%s has no column '%s' in its first line; the columns must be named class and weight.",
            file, column);
      }
    }
  }

  private void add(Row row, Map<String, Double> weights) {
    long line = row.line();
    String label = row.cell(CLASS).orElseThrow().strip();
    String text = row.cell(WEIGHT).orElseThrow().strip();
    if (label.isEmpty()) {
      throw new RetrainException("%s, line %,d: the name of the class is empty.", file, line);
    }
    double weight = parse(text);
    if (!(weight > 0) || !Double.isFinite(weight)) {
      throw new RetrainException(
          "%s, line %,d: the weight of class '%s' must be a finite number above 0, but is '%s'.",
          file, line, label, text);
    }
    if (weights.put(label, weight) != null) {
      throw new RetrainException(
          "%s, line %,d: class '%s' has a second weight; remove one of the rows.",
          file, line, label);
    }
  }

  private static double parse(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
