package dev.retrain.util.parquet;

import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.VersionParser;
import org.apache.parquet.VersionParser.ParsedVersion;
import org.apache.parquet.VersionParser.VersionParseException;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.RowGroup;

/** Reads the columns of a row group, each when it is first asked for. */
final class RowGroupReader {
  private final ParquetFile file;
  private final RowGroup group;
  private final Map<Integer, ColumnCursor> cursors = new HashMap<>();

  RowGroupReader(ParquetFile file, RowGroup group) {
    this.file = file;
    this.group = group;
  }

  /** Number of rows. */
  long rows() {
    return group.getNum_rows();
  }

  /**
   * A cell.
   *
   * @param text reads a value
   * @param row the row, from 0; not before one that was read before
   * @return its value, or its list of values; empty for null
   * @throws RuntimeException of any kind, if the bytes are wrong
   */
  Optional<List<String>> cell(ParquetColumn.Values values, CellText.Reader text, long row) {
    return cursors.computeIfAbsent(values.index(), index -> open(values, text)).at(row);
  }

  private ColumnCursor open(ParquetColumn.Values values, CellText.Reader text) {
    ColumnMetaData chunk = group.getColumns().get(values.index()).getMeta_data();
    if (!chunk.getPath_in_schema().equals(List.of(values.descriptor().getPath()))) {
      throw new MalformedColumnException("its metadata are those of another column");
    }
    if (!Compression.isSupported(chunk.getCodec())) {
      throw new MalformedColumnException(
          "its compression %s is not supported; use snappy, gzip, zstd, lz4_raw or none"
              .formatted(chunk.getCodec()));
    }
    if (!values.list() && chunk.getNum_values() != rows()) {
      throw new MalformedColumnException(
          String.format(
              Locale.ROOT, "it has %,d values for %,d rows", chunk.getNum_values(), rows()));
    }
    return new ColumnCursor(values, text, new PageSource(chunk, bytes(chunk)), writer());
  }

  private InputStream bytes(ColumnMetaData chunk) {
    long start = chunk.getData_page_offset();
    if (chunk.isSetDictionary_page_offset() && chunk.getDictionary_page_offset() > 0) {
      start = Math.min(start, chunk.getDictionary_page_offset());
    }
    long length = chunk.getTotal_compressed_size();
    if (start < ParquetFile.MAGIC.length() || length < 0 || length > file.end() - start) {
      throw new MalformedColumnException("its bytes are outside the file");
    }
    return file.stream(start, length);
  }

  /** What wrote the file: some versions wrote wrong bytes, which the library corrects. */
  private ParsedVersion writer() {
    try {
      String writer = file.metaData().getCreated_by();
      return writer == null ? null : VersionParser.parse(writer);
    } catch (VersionParseException e) {
      return null;
    }
  }
}
