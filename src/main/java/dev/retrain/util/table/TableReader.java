package dev.retrain.util.table;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the rows of a table one after the other. Owns its file. */
public interface TableReader extends AutoCloseable {
  /** A row of a table; valid until the next one is read. */
  interface Row {
    /** Line of the file that the row starts at, from 1; of a format without lines, its number. */
    long line();

    /** Where the row is, for messages: {@code line 1,200}. */
    default String place() {
      return String.format(Locale.ROOT, "line %,d", line());
    }

    /**
     * The text of a cell.
     *
     * @param column one of the columns
     * @return empty if the row has no such cell, or its value is null
     * @throws RetrainException if the value is not text, a number or a truth value
     */
    Optional<String> cell(String column);

    /**
     * The texts of a cell that may have a list.
     *
     * @param column one of the columns
     * @return one text of a cell without a list; empty if the row has no such cell, or its value is
     *     null
     * @throws RetrainException if a value is not text, a number or a truth value
     */
    default Optional<List<String>> cells(String column) {
      return cell(column).map(List::of);
    }
  }

  /** The names of the columns; of a format without a header, those of the first row. */
  List<String> columns();

  /**
   * The next row; empty after the last one.
   *
   * @throws RetrainException if the file is malformed; names the line
   * @throws IOException if the file can't be read
   */
  Optional<Row> next() throws IOException;

  @Override
  void close() throws IOException;
}
