package dev.retrain.util.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.testing.PythonClient;
import dev.retrain.util.table.TableReader.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** pyarrow reads what is written. */
class ParquetWriterTest {
  private static final List<TableColumn> COLUMNS =
      List.of(
          new TableColumn("path", TableColumn.Type.TEXT),
          new TableColumn("width", TableColumn.Type.INT),
          new TableColumn("vector", TableColumn.Type.FLOATS),
          new TableColumn("error", TableColumn.Type.TEXT));

  @TempDir private Path directory;

  @BeforeAll
  static void quiet() {
    ParquetLogs.silence();
  }

  /** A row whose cells are null, empty and usual in turn. */
  private static Object[] row(int i, int length) {
    Random random = new Random(i);
    float[] vector = new float[i % 7 == 1 ? 0 : length];
    for (int j = 0; j < vector.length; j++) {
      vector[j] = (float) random.nextGaussian();
    }
    return new Object[] {
      "ü/%d.jpg".formatted(i),
      i % 5 == 0 ? null : i - 3,
      i % 7 == 0 ? null : vector,
      i % 3 == 0 ? "" : null
    };
  }

  private static byte[] table(int rows, int length) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ParquetWriter writer = new ParquetWriter(bytes, COLUMNS)) {
      for (int i = 0; i < rows; i++) {
        writer.write(row(i, length));
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void pyarrowReadsTheSameValues() throws IOException {
    Path file = Files.write(directory.resolve("t.parquet"), table(1000, 5));
    JsonNode read = PythonClient.require().run("write_parquet.py", "read", file);
    assertThat(read.get("schema").toString())
        .isEqualTo(
            "{\"path\":\"string\",\"width\":\"int32\",\"vector\":\"list<element: float not null>\","
                + "\"error\":\"string\"}");
    assertThat(read.get("rows")).hasSize(1000);
    for (int i = 0; i < 1000; i++) {
      Object[] expected = row(i, 5);
      JsonNode cells = read.get("rows").get(i);
      assertThat(cells.get(0).asText()).isEqualTo(expected[0]);
      assertThat(cells.get(1).isNull() ? null : cells.get(1).asInt()).isEqualTo(expected[1]);
      assertThat(cells.get(3).isNull() ? null : cells.get(3).asText()).isEqualTo(expected[3]);
      float[] vector = (float[]) expected[2];
      assertThat(cells.get(2).isNull()).isEqualTo(vector == null);
      assertThat(cells.get(2)).hasSize(vector == null ? 0 : vector.length);
      for (int j = 0; j < cells.get(2).size(); j++) {
        assertThat((float) cells.get(2).get(j).asDouble()).isEqualTo(vector[j]);
      }
    }
  }

  @Test
  void manyPagesAndRowGroupsAreReadByPyarrowAndByTheTable() throws IOException {
    int rows = 6000;
    byte[] bytes = table(rows, 2000);
    Path file = Files.write(directory.resolve("large.parquet"), bytes);
    JsonNode read = PythonClient.require().run("write_parquet.py", "sizes", file);
    assertThat(read.get("rows").asInt()).isEqualTo(rows);
    assertThat(read.get("groups").asInt()).isEqualTo(2);
    assertThat(read.get("values").asLong())
        .isEqualTo(2000L * (rows - (rows + 6) / 7 - (rows + 5) / 7));
    try (ParquetTable table = ParquetTable.open(file)) {
      for (int i = 0; i < rows; i++) {
        Row row = table.next().orElseThrow();
        assertThat(row.cell("path")).contains((String) row(i, 0)[0]);
        if (i % 500 == 2) {
          float[] vector = (float[]) row(i, 2000)[2];
          List<String> texts = row.cells("vector").orElse(List.of());
          assertThat(texts).hasSize(vector == null ? 0 : vector.length);
          for (int j = 0; j < texts.size(); j += 99) {
            assertThat(Float.parseFloat(texts.get(j))).isEqualTo(vector[j]);
          }
        }
      }
      assertThat(table.next()).isEqualTo(Optional.empty());
    }
  }

  @Test
  void sameRowsGiveTheSameBytes() throws IOException {
    assertThat(table(100, 9)).isEqualTo(table(100, 9));
  }

  @Test
  void aTableWithoutRowsIsReadable() throws IOException {
    Path file = Files.write(directory.resolve("empty.parquet"), table(0, 0));
    JsonNode read = PythonClient.require().run("write_parquet.py", "sizes", file);
    assertThat(read.get("rows").asInt()).isZero();
  }
}
