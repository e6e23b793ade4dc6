package dev.retrain.dataset.manifest;

import dev.retrain.util.RetrainException;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** CSV as of RFC 4180, or the same with tabs. The first row has the names of the columns. */
final class CsvTable implements TableReader {
  private final Path file;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private final List<String> columns;
  private final Map<String, Integer> indexes = new HashMap<>();
  private long line = 1;

  private CsvTable(Path file, CSVParser parser) {
    this.file = file;
    this.parser = parser;
    records = parser.iterator();
    columns =
        nextRecord()
            .map(record -> record.record().stream().map(String::strip).toList())
            .orElseThrow(() -> new RetrainException("%s is empty; add a header and rows.", file));
    for (int i = 0; i < columns.size(); i++) {
      if (indexes.put(columns.get(i), i) != null && !columns.get(i).isEmpty()) {
        throw new RetrainException(
            "%s has two columns '%s'; rename one of them.", file, columns.get(i));
      }
    }
  }

  static CsvTable open(Path file, char delimiter) throws IOException {
    CSVFormat format =
        CSVFormat.RFC4180.builder().setDelimiter(delimiter).setIgnoreEmptyLines(false).get();
    CSVParser parser = CSVParser.builder().setReader(TextFile.open(file)).setFormat(format).get();
    try {
      return new CsvTable(file, parser);
    } catch (RuntimeException | Error e) {
      try (parser) {
        throw e;
      }
    }
  }

  private record Numbered(long line, List<String> record) {}

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Optional<Row> next() {
    return nextRecord().map(this::row);
  }

  /** The next record that is not an empty line. */
  private Optional<Numbered> nextRecord() {
    try {
      while (records.hasNext()) {
        CSVRecord record = records.next();
        long start = line;
        line = parser.getCurrentLineNumber() + 1;
        if (record.size() > 1 || !record.get(0).isBlank()) {
          return Optional.of(new Numbered(start, record.toList()));
        }
      }
      return Optional.empty();
    } catch (IllegalStateException | UncheckedIOException e) {
      throw malformed(e);
    }
  }

  private RetrainException malformed(RuntimeException e) {
    boolean quotes = e.getCause() instanceof CSVException || e.getCause() instanceof IOException;
    return new RetrainException(
        e,
        "%s, line %,d: %s.",
        file,
        line,
        quotes
            ? "the quotes are wrong; put quotes around the whole value, and double those in it"
            : e.getMessage());
  }

  private Row row(Numbered numbered) {
    int cells = numbered.record().size();
    if (cells != columns.size()) {
      throw new RetrainException(
          "%s, line %,d has %s, but there are %s (%s); put quotes around values with a separator.",
          file,
          numbered.line(),
          Counted.of(cells, "value"),
          Counted.of(columns.size(), "column"),
          String.join(", ", columns));
    }
    return new CsvRow(numbered.line(), numbered.record(), indexes);
  }

  private record CsvRow(long line, List<String> cells, Map<String, Integer> indexes)
      implements Row {
    @Override
    public Optional<String> cell(String column) {
      return Optional.ofNullable(indexes.get(column)).map(cells::get);
    }
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
