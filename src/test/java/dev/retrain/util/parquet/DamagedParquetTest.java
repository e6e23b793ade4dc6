package dev.retrain.util.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retrain.testing.PythonClient;
import dev.retrain.util.RetrainException;
import dev.retrain.util.table.TableReader.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are cut off, changed or hostile: one clear sentence each, and no large allocation. */
class DamagedParquetTest {
  private static final int ROUNDS = Integer.getInteger("retrain.fuzz.parquet", 400);

  @TempDir private static Path directory;

  @BeforeAll
  static void write() throws IOException {
    ParquetLogs.silence();
    PythonClient.require().run("write_parquet.py", "tables", directory);
  }

  private static byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(directory.resolve(name + ".parquet"));
  }

  /** Reads all cells. */
  private static void read(byte[] bytes) throws IOException {
    Path file = Files.write(directory.resolve("damaged.parquet"), bytes);
    try (ParquetTable table = ParquetTable.open(file)) {
      for (Optional<Row> row = table.next(); row.isPresent(); row = table.next()) {
        for (String column : table.columns()) {
          row.get().cells(column);
        }
      }
    }
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        damage("nothing is left", bytes -> new byte[0], "is empty"),
        damage("a text", bytes -> text("path,label\na,b\n"), "is not a Parquet file"),
        damage("one byte", bytes -> text("P"), "is not a Parquet file"),
        damage("the first bytes", bytes -> text("PAR1"), "the end of the file is missing"),
        damage("encrypted", bytes -> text("PARE and more"), "is encrypted"),
        damage(
            "half", bytes -> Arrays.copyOf(bytes, bytes.length / 2), "end of the file is missing"),
        damage("without the last byte", bytes -> Arrays.copyOf(bytes, bytes.length - 1), "missing"),
        damage("a longer tail", bytes -> length(bytes, bytes.length), "the length of its metadata"),
        damage("a huge tail", bytes -> length(bytes, Integer.MAX_VALUE), "length of its metadata"),
        damage("a negative tail", bytes -> length(bytes, -5), "length of its metadata is -5 bytes"),
        damage("a short tail", bytes -> length(bytes, 9), "its metadata can't be read"),
        damage("zeros for data", DamagedParquetTest::withoutData, "row 1, column 'path'"),
        metaData("rows", data -> group(data).setNum_rows(-1), "a row group has -1 rows"),
        metaData("more rows", data -> group(data).setNum_rows(1L << 60), "1,000 values for 1,152,"),
        metaData("more values", data -> path(data).setNum_values(Long.MAX_VALUE), "for 1,000 rows"),
        metaData(
            "no values", data -> path(data).setNum_values(0), "it has 0 values for 1,000 rows"),
        metaData(
            "offset",
            data -> path(data).setDictionary_page_offset(1L << 40).setData_page_offset(1L << 40),
            "outside the file"),
        metaData("negative", data -> path(data).setDictionary_page_offset(Long.MIN_VALUE), "path"),
        metaData("size", data -> path(data).setTotal_compressed_size(1L << 50), "outside the file"),
        metaData("small", data -> path(data).setTotal_compressed_size(20), "column 'path'"),
        metaData("codec", data -> path(data).setCodec(CompressionCodec.GZIP), "column 'path'"),
        metaData("name", data -> path(data).getPath_in_schema().set(0, "x"), "of another column"),
        metaData("children", data -> root(data).setNum_children(1 << 30), "schema is cut off"),
        metaData("orphans", data -> root(data).setNum_children(1), "outside the tree"),
        metaData("columns", data -> group(data).getColumns().clear(), "row group has 0 columns"),
        header("uncompressed", one -> one.setUncompressed_page_size(1 << 30), "header of a page"),
        header("compressed", one -> one.setCompressed_page_size(-1), "the header of a page"),
        header("size", one -> one.setUncompressed_page_size(7), "column 'path'"),
        header("entries", one -> dictionary(one, 1 << 30), "a dictionary of 1,073,741,824 values"));
  }

  private static Arguments damage(String name, UnaryOperator<byte[]> change, String message) {
    return Arguments.of(name, change, message);
  }

  private static Arguments metaData(String name, Consumer<FileMetaData> change, String message) {
    return damage("metadata: " + name, bytes -> change(bytes, change), message);
  }

  private static Arguments header(String name, Consumer<PageHeader> change, String message) {
    return damage("first page: " + name, bytes -> changeHeader(bytes, change), message);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] length(byte[] bytes, int length) {
    buffer(bytes).putInt(bytes.length - 8, length);
    return bytes;
  }

  private static int end(byte[] bytes) {
    return bytes.length - 8 - buffer(bytes).getInt(bytes.length - 8);
  }

  private static byte[] withoutData(byte[] bytes) {
    Arrays.fill(bytes, 4, end(bytes), (byte) 0);
    return bytes;
  }

  private static org.apache.parquet.format.RowGroup group(FileMetaData data) {
    return data.getRow_groups().get(0);
  }

  private static ColumnMetaData path(FileMetaData data) {
    return group(data).getColumns().get(0).getMeta_data();
  }

  private static SchemaElement root(FileMetaData data) {
    return data.getSchema().get(0);
  }

  private static void dictionary(PageHeader header, int entries) {
    header.getDictionary_page_header().setNum_values(entries);
  }

  private static byte[] change(byte[] bytes, Consumer<FileMetaData> change) {
    int end = end(bytes);
    ByteArrayInputStream in = new ByteArrayInputStream(bytes, end, bytes.length - 8 - end);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, end);
    try {
      FileMetaData data = Util.readFileMetaData(in);
      change.accept(data);
      Util.writeFileMetaData(data, out);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    int length = out.size() - end;
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
    byte[] changed = out.toByteArray();
    System.arraycopy(text("PAR1"), 0, changed, changed.length - 4, 4);
    return changed;
  }

  /** The first page is at the start; its header is replaced, and the rest moves. */
  private static byte[] changeHeader(byte[] bytes, Consumer<PageHeader> change) {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes, 4, bytes.length - 4);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PageHeader header = Util.readPageHeader(in);
      change.accept(header);
      out.writeBytes(text("PAR1"));
      Util.writePageHeader(header, out);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    out.writeBytes(in.readAllBytes());
    return out.toByteArray();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void isReported(String name, UnaryOperator<byte[]> change, String message) throws IOException {
    byte[] bytes = change.apply(bytes("none-1.0-dictionary"));
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("damaged.parquet")
        .hasMessageContaining(message)
        .message()
        .doesNotContain("null", "Exception", "org.apache")
        .doesNotContain("\n");
  }

  @Test
  void aWrongChecksumIsReported() throws IOException {
    byte[] bytes = bytes("checksums");
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("photos/0500");
    bytes[at] ^= 1;
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(RetrainException.class)
        .hasMessageContaining("column 'path': the checksum of a page is wrong");
  }

  /** Random bytes are changed: the file is read, or refused in one sentence. */
  @ParameterizedTest
  @ValueSource(strings = {"delta", "lists-1.0", "zstd-2.0-plain", "snappy-1.0-dictionary", "one"})
  void changedBytesAreReadOrRefused(String name) throws IOException {
    byte[] whole = bytes(name);
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = whole.clone();
      for (int change = 0; change <= i % 3; change++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        read(bytes);
      } catch (RetrainException e) {
        assertThat(e.getMessage()).startsWith(directory.resolve("damaged.parquet").toString());
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(ROUNDS / 20);
  }
}
