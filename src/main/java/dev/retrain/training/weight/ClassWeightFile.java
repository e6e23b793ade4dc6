package dev.retrain.training.weight;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads class weights from a CSV file in UTF-8 with the columns {@code class} and {@code weight},
 * in any order; other columns are ignored.
 */
public final class ClassWeightFile {
  private static final String CLASS = "class";
  private static final String WEIGHT = "weight";
  private static final String BYTE_ORDER_MARK = "\uFEFF";

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
    CSVFormat format = CSVFormat.DEFAULT.builder().setTrim(true).setIgnoreEmptyLines(true).get();
    Map<String, Double> weights = new LinkedHashMap<>();
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        CSVParser rows = CSVParser.builder().setReader(text).setFormat(format).get()) {
      List<String> header = null;
      for (CSVRecord row : rows) {
        if (header == null) {
          header = header(row);
        } else {
          add(row, header, rows.getCurrentLineNumber(), weights);
        }
      }
    } catch (CharacterCodingException e) {
      throw new RetrainException(e, "%s is not a CSV file in UTF-8.", file);
    } catch (UncheckedIOException e) {
      throw new RetrainException(
          e, "%s is not a CSV file with the columns class and weight: %s.", file, e.getMessage());
    }
    if (weights.isEmpty()) {
      throw new RetrainException(
          "%s has no class weights. It must have a header row with the columns class and weight, and"
              + " a row for each class.",
          file);
    }
    return new ClassWeights.PerClass(file.toString(), weights);
  }

  private List<String> header(CSVRecord row) {
    List<String> header =
        row.stream().map(name -> name.replace(BYTE_ORDER_MARK, "").strip()).toList();
    for (String column : List.of(CLASS, WEIGHT)) {
      if (!header.contains(column)) {
        throw new RetrainException(
            "%s has no column '%s' in its first line; the columns must be named class and weight.",
            file, column);
      }
    }
    return header;
  }

  private void add(CSVRecord row, List<String> header, long line, Map<String, Double> weights) {
    if (row.size() != header.size()) {
      throw new RetrainException(
          "%s, line %d: there are %d values for the %d columns.",
          file, line, row.size(), header.size());
    }
    String label = row.get(header.indexOf(CLASS));
    String text = row.get(header.indexOf(WEIGHT));
    if (label.isEmpty()) {
      throw new RetrainException("%s, line %d: the name of the class is empty.", file, line);
    }
    double weight = parse(text);
    if (!(weight > 0) || !Double.isFinite(weight)) {
      throw new RetrainException(
          "%s, line %d: the weight of class '%s' must be a finite number above 0, but is '%s'.",
          file, line, label, text);
    }
    if (weights.put(label, weight) != null) {
      throw new RetrainException(
          "%s, line %d: class '%s' has a second weight; remove one of the rows.",
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
