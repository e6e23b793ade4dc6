package dev.retrain.util.parquet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.VersionParser.ParsedVersion;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.io.api.PrimitiveConverter;

/** Reads the cells of a column of a row group, in the order of the rows. */
final class ColumnCursor {
  private final ParquetColumn.Values values;
  private final CellText.Reader text;
  private final long count;
  private final ColumnReader reader;
  private long consumed;
  private long row = -1;
  private Optional<List<String>> cell = Optional.empty();

  /**
   * @param text reads a value
   * @param writer what wrote the file: some versions wrote wrong bytes, which are corrected; or
   *     null
   */
  ColumnCursor(
      ParquetColumn.Values values, CellText.Reader text, PageReader pages, ParsedVersion writer) {
    this.values = values;
    this.text = text;
    count = pages.getTotalValueCount();
    reader = new ColumnReaderImpl(values.descriptor(), pages, new PrimitiveConverter() {}, writer);
  }

  /**
   * The cell of a row.
   *
   * @param wanted the row, from 0; not before that of the last call
   * @return its value, or its list of values; empty for null. Null elements are empty texts.
   */
  Optional<List<String>> at(long wanted) {
    while (row < wanted) {
      row++;
      cell = next(row == wanted);
    }
    return cell;
  }

  private Optional<List<String>> next(boolean keep) {
    if (consumed == count) {
      throw new MalformedColumnException("it has fewer values than rows");
    }
    int level = reader.getCurrentDefinitionLevel();
    int max = values.descriptor().getMaxDefinitionLevel();
    boolean isNull = level < (values.list() ? values.elementLevel() - 1 : max);
    List<String> texts = new ArrayList<>();
    do {
      level = reader.getCurrentDefinitionLevel();
      if (level == max) {
        read(keep, texts);
      } else if (level >= values.elementLevel()) {
        texts.add("");
      }
      reader.consume();
      consumed++;
    } while (values.list() && consumed < count && reader.getCurrentRepetitionLevel() > 0);
    return isNull ? Optional.empty() : Optional.of(texts);
  }

  private void read(boolean keep, List<String> texts) {
    if (keep) {
      texts.add(text.apply(reader));
    } else {
      reader.skip();
    }
  }
}
