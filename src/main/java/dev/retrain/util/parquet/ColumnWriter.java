package dev.retrain.util.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/** Collects the cells of a column of a row group. Every cell can be null. Not thread-safe. */
final class ColumnWriter {
  /** A page is closed when its values have this many bytes. */
  private static final int PAGE = 1 << 20;

  private static final int MIN_BUFFER = 64;

  private final TableColumn column;
  private final ByteArrayOutputStream pages = new ByteArrayOutputStream();
  private final ByteArrayOutputStream values = new ByteArrayOutputStream();
  private RunLengthBitPackingHybridEncoder repetitions;
  private RunLengthBitPackingHybridEncoder definitions;
  private int valuesInPage;
  private long valuesInGroup;
  private long uncompressed;

  ColumnWriter(TableColumn column) {
    this.column = column;
    startPage();
  }

  private void startPage() {
    values.reset();
    valuesInPage = 0;
    repetitions = encoder(1);
    definitions = encoder(column.type() == TableColumn.Type.FLOATS ? 2 : 1);
  }

  private static RunLengthBitPackingHybridEncoder encoder(int bits) {
    return new RunLengthBitPackingHybridEncoder(
        bits, MIN_BUFFER, PAGE, new HeapByteBufferAllocator());
  }

  /** Number of bytes that are held in memory. */
  long size() {
    return (long) pages.size() + values.size();
  }

  /**
   * Adds a cell.
   *
   * @param cell a String, an Integer, a {@code float[]} or null, as the column's type says
   */
  void add(Object cell) throws IOException {
    switch (column.type()) {
      case TEXT -> addText((String) cell);
      case INT -> addInt((Integer) cell);
      case FLOATS -> addFloats((float[]) cell);
    }
    if (values.size() >= PAGE) {
      endPage();
    }
  }

  private void addText(String text) throws IOException {
    level(0, text == null ? 0 : 1);
    if (text != null) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      values.writeBytes(buffer(Integer.BYTES).putInt(bytes.length).array());
      values.writeBytes(bytes);
    }
  }

  private void addInt(Integer number) throws IOException {
    level(0, number == null ? 0 : 1);
    if (number != null) {
      values.writeBytes(buffer(Integer.BYTES).putInt(number).array());
    }
  }

  /** A null list has level 0, an empty one level 1, an element level 2. */
  private void addFloats(float[] floats) throws IOException {
    if (floats == null || floats.length == 0) {
      level(0, floats == null ? 0 : 1);
      return;
    }
    for (int i = 0; i < floats.length; i++) {
      level(i == 0 ? 0 : 1, 2);
    }
    byte[] bytes = new byte[Math.multiplyExact(floats.length, Float.BYTES)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(floats);
    values.writeBytes(bytes);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void level(int repetition, int definition) throws IOException {
    repetitions.writeInt(repetition);
    definitions.writeInt(definition);
    valuesInPage++;
  }

  private void endPage() throws IOException {
    if (valuesInPage == 0) {
      return;
    }
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    if (column.type() == TableColumn.Type.FLOATS) {
      writeLevels(repetitions, page);
    }
    writeLevels(definitions, page);
    values.writeTo(page);
    byte[] bytes = page.toByteArray();
    byte[] stored = codec() == CompressionCodec.SNAPPY ? Compression.snappy(bytes) : bytes;
    PageHeader header = new PageHeader(PageType.DATA_PAGE, bytes.length, stored.length);
    header.setData_page_header(
        new DataPageHeader(valuesInPage, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    CRC32 crc = new CRC32();
    crc.update(stored);
    header.setCrc((int) crc.getValue());
    int before = pages.size();
    Util.writePageHeader(header, pages);
    uncompressed += pages.size() - before + bytes.length;
    pages.writeBytes(stored);
    valuesInGroup += valuesInPage;
    startPage();
  }

  private static void writeLevels(
      RunLengthBitPackingHybridEncoder levels, ByteArrayOutputStream page) throws IOException {
    BytesInput bytes = levels.toBytes();
    page.writeBytes(buffer(Integer.BYTES).putInt(Math.toIntExact(bytes.size())).array());
    bytes.writeAllTo(page);
  }

  /** Feature vectors don't get smaller. */
  private CompressionCodec codec() {
    return column.type() == TableColumn.Type.FLOATS
        ? CompressionCodec.UNCOMPRESSED
        : CompressionCodec.SNAPPY;
  }

  /**
   * Writes the row group's pages, and begins the next row group.
   *
   * @return what the file's metadata say about them
   */
  ColumnChunk flush(CountedOutput out) throws IOException {
    endPage();
    long offset = out.position();
    ColumnMetaData data =
        new ColumnMetaData(
            column.physicalType(),
            List.of(Encoding.PLAIN, Encoding.RLE),
            column.path(),
            codec(),
            valuesInGroup,
            uncompressed,
            pages.size(),
            offset);
    out.write(pages);
    pages.reset();
    valuesInGroup = 0;
    uncompressed = 0;
    return new ColumnChunk(offset).setMeta_data(data);
  }

  /** The column in the schema of the file. */
  List<SchemaElement> schema() {
    return column.schema();
  }
}
