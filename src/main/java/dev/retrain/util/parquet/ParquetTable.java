package dev.retrain.util.parquet;

import dev.retrain.util.RetrainException;
import dev.retrain.util.io.IoReason;
import dev.retrain.util.io.RegularFile;
import dev.retrain.util.table.TableReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.format.RowGroup;

/**
 * A table in a Parquet file. Of its columns, only those that are asked for are read, so a file may
 * contain the images, too.
 */
public final class ParquetTable implements TableReader {
  private final ParquetFile file;
  private final Map<String, ParquetColumn> columns = new LinkedHashMap<>();
  private final Iterator<RowGroup> groups;
  private RowGroupReader group;
  private long rowInGroup;
  private long row;

  private ParquetTable(ParquetFile file) {
    this.file = file;
    groups = file.metaData().getRow_groups().iterator();
    List<ParquetColumn> found;
    try {
      found = ParquetSchema.columns(file.metaData().getSchema());
    } catch (IllegalArgumentException e) {
      throw file.damaged(e.getMessage(), e);
    }
    for (ParquetColumn column : found) {
      if (columns.put(column.name(), column) != null) {
        throw new RetrainException(
            "%s has two columns '%s'; rename one of them.", file.path(), column.name());
      }
    }
  }

  /** Whether a file starts like a Parquet file. */
  public static boolean isParquet(Path file) throws IOException {
    RegularFile.attributes(file);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(ParquetFile.MAGIC.length());
      return new String(start, StandardCharsets.ISO_8859_1).equals(ParquetFile.MAGIC);
    }
  }

  /**
   * Opens a table.
   *
   * @throws RetrainException if it is not a Parquet file, cut off, damaged or encrypted
   * @throws IOException if it can't be read, or is a pipe or a device
   */
  public static ParquetTable open(Path path) throws IOException {
    ParquetFile file = ParquetFile.open(path);
    try {
      return new ParquetTable(file);
    } catch (RuntimeException | Error e) {
      try (file) {
        throw e;
      }
    }
  }

  @Override
  public List<String> columns() {
    return List.copyOf(columns.keySet());
  }

  @Override
  public Optional<Row> next() {
    while (group == null || rowInGroup + 1 >= group.rows()) {
      if (!groups.hasNext()) {
        return Optional.empty();
      }
      group = new RowGroupReader(file, groups.next());
      rowInGroup = -1;
    }
    rowInGroup++;
    row++;
    return Optional.of(new ParquetRow(row, group, rowInGroup));
  }

  private final class ParquetRow implements Row {
    private final long number;
    private final RowGroupReader group;
    private final long index;

    ParquetRow(long number, RowGroupReader group, long index) {
      this.number = number;
      this.group = group;
      this.index = index;
    }

    @Override
    public long line() {
      return number;
    }

    @Override
    public String place() {
      return String.format(Locale.ROOT, "row %,d", number);
    }

    @Override
    public Optional<String> cell(String column) {
      if (isList(column)) {
        throw notText(column, "a list");
      }
      return cells(column).map(texts -> texts.get(0));
    }

    @Override
    public Optional<List<String>> cells(String column) {
      ParquetColumn found = columns.get(column);
      if (found == null) {
        return Optional.empty();
      }
      ParquetColumn.Values values =
          found.values().orElseThrow(() -> notText(column, "a structure"));
      CellText.Reader text =
          CellText.reader(values.element())
              .orElseThrow(() -> notText(column, CellText.name(values.element())));
      try {
        return group.cell(values, text, index);
      } catch (UncheckedIOException e) {
        throw damaged(column, IoReason.of(e.getCause()), e);
      } catch (MalformedColumnException e) {
        throw damaged(column, e.getMessage(), e);
      } catch (RuntimeException | OutOfMemoryError e) {
        // Anything can come of wrong bytes in the decoders of the libraries.
        throw damaged(column, "the values can't be decoded", e);
      }
    }

    private boolean isList(String column) {
      return Optional.ofNullable(columns.get(column))
          .flatMap(ParquetColumn::values)
          .map(ParquetColumn.Values::list)
          .orElse(false);
    }

    private RetrainException notText(String column, String what) {
      return new RetrainException(
          "%s, %s: '%s' is %s; give one text or number.", file.path(), place(), column, what);
    }

    private RetrainException damaged(String column, String reason, Throwable cause) {
      return file.damaged("%s, column '%s': %s".formatted(place(), column, reason), cause);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
