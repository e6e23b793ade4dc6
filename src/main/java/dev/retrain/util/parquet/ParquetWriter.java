package dev.retrain.util.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/**
 * Writes a table to a Parquet file, row by row: plain values in pages of 1 MB with checksums, text
 * compressed by Snappy. Row groups of 32 MB bound the memory. The same rows give the same bytes.
 * Not thread-safe.
 */
public final class ParquetWriter implements AutoCloseable {
  /** In bytes. */
  private static final long ROW_GROUP = 32L << 20;

  private final CountedOutput out;
  private final List<TableColumn> columns;
  private final List<ColumnWriter> writers;
  private final List<RowGroup> groups = new ArrayList<>();
  private long rowsInGroup;
  private long rows;

  /**
   * Starts a file.
   *
   * @param stream receives its bytes; is not closed
   * @param columns its columns, each with another name
   * @throws IOException if the stream can't be written
   */
  public ParquetWriter(OutputStream stream, List<TableColumn> columns) throws IOException {
    out = new CountedOutput(stream);
    this.columns = List.copyOf(columns);
    writers = columns.stream().map(ColumnWriter::new).toList();
    out.write(magic());
  }

  private static byte[] magic() {
    return ParquetFile.MAGIC.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Writes a row.
   *
   * @param cells one per column, of its type, or null
   * @throws IOException if the stream can't be written
   */
  public void write(Object... cells) throws IOException {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns.size());
    }
    long size = 0;
    for (int i = 0; i < cells.length; i++) {
      writers.get(i).add(cells[i]);
      size += writers.get(i).size();
    }
    rowsInGroup++;
    if (size >= ROW_GROUP) {
      endGroup();
    }
  }

  private void endGroup() throws IOException {
    if (rowsInGroup == 0) {
      return;
    }
    List<ColumnChunk> chunks = new ArrayList<>();
    long bytes = 0;
    for (ColumnWriter writer : writers) {
      ColumnChunk chunk = writer.flush(out);
      bytes += chunk.getMeta_data().getTotal_uncompressed_size();
      chunks.add(chunk);
    }
    groups.add(new RowGroup(chunks, bytes, rowsInGroup));
    rows += rowsInGroup;
    rowsInGroup = 0;
  }

  /**
   * Writes the end of the file, without which it is incomplete.
   *
   * @throws IOException if the stream can't be written
   */
  @Override
  public void close() throws IOException {
    endGroup();
    List<SchemaElement> schema = new ArrayList<>();
    schema.add(new SchemaElement("schema").setNum_children(columns.size()));
    writers.forEach(writer -> schema.addAll(writer.schema()));
    ByteArrayOutputStream footer = new ByteArrayOutputStream();
    Util.writeFileMetaData(
        new FileMetaData(1, schema, rows, groups).setCreated_by("retrain"), footer);
    out.write(footer);
    out.write(
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(footer.size())
            .array());
    out.write(magic());
  }
}
