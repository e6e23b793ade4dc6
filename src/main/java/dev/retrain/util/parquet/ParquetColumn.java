package dev.retrain.util.parquet;

import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.SchemaElement;

/**
 * A column of a table.
 *
 * @param name its name
 * @param values where its values are; empty for a structure or a map
 */
record ParquetColumn(String name, Optional<Values> values) {
  /**
   * The values of a column: one per row, or a list of them. A definition level says how much of
   * null, empty list, null element or value there is (Dremel's encoding).
   *
   * @param index which of the row group's columns it is
   * @param element its type
   * @param descriptor its path, physical type and highest levels
   * @param list whether a row has a list of values
   * @param elementLevel the definition level from which on a list has an element
   */
  record Values(
      int index,
      SchemaElement element,
      ColumnDescriptor descriptor,
      boolean list,
      int elementLevel) {}
}
