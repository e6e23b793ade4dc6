package dev.retrain.util.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.testing.PythonClient;
import dev.retrain.util.RetrainException;
import dev.retrain.util.table.TableReader;
import dev.retrain.util.table.TableReader.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads what pyarrow has written. */
class ParquetTableTest {
  @TempDir private static Path directory;
  private static JsonNode tables;

  @BeforeAll
  static void write() throws IOException {
    ParquetLogs.silence();
    tables = PythonClient.require().run("write_parquet.py", "tables", directory);
  }

  private static ParquetTable open(String name) throws IOException {
    return ParquetTable.open(directory.resolve(name + ".parquet"));
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(one -> strings.add(one.isNull() ? null : one.asText()));
    return strings;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none-1.0-dictionary",
        "none-1.0-plain",
        "none-2.0-dictionary",
        "none-2.0-plain",
        "snappy-1.0-dictionary",
        "snappy-1.0-plain",
        "snappy-2.0-dictionary",
        "snappy-2.0-plain",
        "gzip-1.0-dictionary",
        "gzip-1.0-plain",
        "gzip-2.0-dictionary",
        "gzip-2.0-plain",
        "zstd-1.0-dictionary",
        "zstd-1.0-plain",
        "zstd-2.0-dictionary",
        "zstd-2.0-plain",
        "lz4-1.0-dictionary",
        "lz4-1.0-plain",
        "lz4-2.0-dictionary",
        "lz4-2.0-plain",
        "types-1.0",
        "types-2.0",
        "types-plain",
        "lists-1.0",
        "lists-2.0",
        "lists-old",
        "delta",
        "groups",
        "pages",
        "checksums",
        "bare",
        "others",
        "empty",
        "one"
      })
  void readsTheSameValues(String name) throws IOException {
    JsonNode expected = tables.get(name);
    List<String> columns = strings(expected.get("read"));
    try (ParquetTable table = open(name)) {
      assertThat(table.columns()).isEqualTo(strings(expected.get("columns")));
      long number = 0;
      for (JsonNode cells : expected.get("rows")) {
        Row row = table.next().orElseThrow();
        assertThat(row.line()).isEqualTo(++number);
        for (int i = 0; i < cells.size(); i++) {
          JsonNode cell = cells.get(i);
          Optional<List<String>> texts =
              cell.isNull()
                  ? Optional.empty()
                  : Optional.of(cell.isArray() ? strings(cell) : List.of(cell.asText()));
          assertThat(row.cells(columns.get(i)))
              .as("%s of row %d", columns.get(i), number)
              .isEqualTo(texts);
        }
      }
      assertThat(table.next()).isEmpty();
      assertThat(table.next()).isEmpty();
    }
  }

  /** Columns may be asked for in any row, in any order, and again. */
  @ParameterizedTest
  @ValueSource(strings = {"groups", "pages", "snappy-1.0-dictionary", "lists-2.0"})
  void rowsThatAreNotAskedForAreSkipped(String name) throws IOException {
    JsonNode expected = tables.get(name);
    String column = expected.get("columns").get(0).asText();
    try (ParquetTable table = open(name)) {
      for (int i = 0; i < expected.get("rows").size(); i++) {
        Row row = table.next().orElseThrow();
        if (i % 13 == 5) {
          JsonNode cell = expected.get("rows").get(i).get(0);
          for (int again = 0; again < 2; again++) {
            assertThat(row.cells(column).map(List::toString))
                .isEqualTo(
                    cell.isNull()
                        ? Optional.empty()
                        : Optional.of(
                            (cell.isArray() ? strings(cell) : List.of(cell.asText())).toString()));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "timestamp, 'is a timestamp value; give one text or number'",
    "date, is a date value",
    "time, is a time value",
    "structure, is a structure",
    "map, is a structure",
    "structures, is a structure",
    "nested, is a structure",
    "fixed, is a fixed len byte array value",
    "list, 'is a list; give one text or number'",
    "binary, the text is not valid UTF-8",
  })
  void otherValuesAreNamed(String column, String message) throws IOException {
    try (ParquetTable table = open("unreadable")) {
      Row row = table.next().orElseThrow();
      assertThatThrownBy(() -> row.cell(column))
          .isInstanceOf(RetrainException.class)
          .hasMessageContaining("unreadable.parquet")
          .hasMessageContaining("row 1")
          .hasMessageContaining("'" + column + "'")
          .hasMessageContaining(message);
    }
  }

  @Test
  void anUnsupportedCompressionIsNamed() throws IOException {
    try (ParquetTable table = open("brotli")) {
      Row row = table.next().orElseThrow();
      assertThatThrownBy(() -> row.cell("path"))
          .isInstanceOf(RetrainException.class)
          .hasMessageContaining("column 'path'")
          .hasMessageContaining("compression BROTLI is not supported; use snappy, gzip");
    }
  }

  @Test
  void twoColumnsOfOneNameAreRefused() {
    assertThatThrownBy(() -> open("double"))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("has two columns 'path'; rename one of them");
  }

  @Test
  void aColumnThatIsNotThereIsEmpty() throws IOException {
    try (TableReader table = open("one")) {
      assertThat(table.next().orElseThrow().cell("nowhere")).isEmpty();
    }
  }
}
