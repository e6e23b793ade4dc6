package dev.retrain.util.parquet;

import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.ListType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;

/**
 * A column of a table that is written.
 *
 * @param name its name
 * @param type what its cells are
 */
public record TableColumn(String name, Type type) {
  /** What the cells of a column are; each may be null. */
  public enum Type {
    /** A {@link String}. */
    TEXT,
    /** An {@link Integer}. */
    INT,
    /** A {@code float[]}, as a list. */
    FLOATS
  }

  org.apache.parquet.format.Type physicalType() {
    return switch (type) {
      case TEXT -> org.apache.parquet.format.Type.BYTE_ARRAY;
      case INT -> org.apache.parquet.format.Type.INT32;
      case FLOATS -> org.apache.parquet.format.Type.FLOAT;
    };
  }

  List<String> path() {
    return type == Type.FLOATS ? List.of(name, "list", "element") : List.of(name);
  }

  List<SchemaElement> schema() {
    SchemaElement element =
        new SchemaElement(name).setRepetition_type(FieldRepetitionType.OPTIONAL);
    return switch (type) {
      case TEXT ->
          List.of(
              element
                  .setType(physicalType())
                  .setConverted_type(ConvertedType.UTF8)
                  .setLogicalType(LogicalType.STRING(new StringType())));
      case INT -> List.of(element.setType(physicalType()));
      case FLOATS ->
          List.of(
              element
                  .setNum_children(1)
                  .setConverted_type(ConvertedType.LIST)
                  .setLogicalType(LogicalType.LIST(new ListType())),
              new SchemaElement("list")
                  .setRepetition_type(FieldRepetitionType.REPEATED)
                  .setNum_children(1),
              new SchemaElement("element")
                  .setRepetition_type(FieldRepetitionType.REQUIRED)
                  .setType(physicalType()));
    };
  }
}
