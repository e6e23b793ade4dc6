package dev.retrain.util.parquet;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;

/** Finds the columns of a table in the schema of its file, a tree in depth-first order. */
final class ParquetSchema {
  /** Deeper trees are refused before they exhaust the stack. */
  private static final int MAX_DEPTH = 100;

  private final Iterator<SchemaElement> elements;
  private int leaves;

  private ParquetSchema(List<SchemaElement> elements) {
    this.elements = elements.iterator();
  }

  /** A node of the tree; a leaf has the index of its data in a row group. */
  private record Node(SchemaElement element, int leaf, List<Node> children) {
    boolean isLeaf() {
      return children.isEmpty();
    }

    /** How many definition levels it adds. */
    int level() {
      return element.getRepetition_type() == FieldRepetitionType.REQUIRED ? 0 : 1;
    }

    boolean repeated() {
      return element.getRepetition_type() == FieldRepetitionType.REPEATED;
    }

    boolean annotatedAsList() {
      return element.isSetLogicalType()
          ? element.getLogicalType().isSetLIST()
          : element.getConverted_type() == ConvertedType.LIST;
    }
  }

  /**
   * The columns of a table.
   *
   * @param elements the schema, the root first
   * @throws IllegalArgumentException if it is no tree; the message completes a sentence
   */
  static List<ParquetColumn> columns(List<SchemaElement> elements) {
    ParquetSchema schema = new ParquetSchema(elements);
    Node root = schema.node(0);
    if (schema.elements.hasNext()) {
      throw new IllegalArgumentException("its schema has elements outside the tree");
    }
    List<ParquetColumn> columns = new ArrayList<>();
    for (Node child : root.children()) {
      columns.add(new ParquetColumn(child.element().getName(), values(child)));
    }
    return columns;
  }

  private Node node(int depth) {
    if (!elements.hasNext() || depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          depth > MAX_DEPTH ? "its schema is nested too deeply" : "its schema is cut off");
    }
    SchemaElement element = elements.next();
    if (depth > 0 && !element.isSetRepetition_type()) {
      throw new IllegalArgumentException("its schema doesn't say which values can be null");
    }
    List<Node> children = new ArrayList<>();
    for (int i = 0; i < element.getNum_children(); i++) {
      children.add(node(depth + 1));
    }
    boolean leaf = children.isEmpty() && depth > 0;
    if (leaf && !element.isSetType()) {
      // A structure without fields has no data.
      return new Node(element, -1, List.of());
    }
    return new Node(element, leaf ? leaves++ : -1, children);
  }

  private static Optional<ParquetColumn.Values> values(Node column) {
    if (column.isLeaf()) {
      return column.leaf() < 0
          ? Optional.empty()
          : Optional.of(values(List.of(column), column.level(), column.repeated(), column.level()));
    }
    if (!column.annotatedAsList() || column.children().size() != 1) {
      return Optional.empty();
    }
    Node repeated = column.children().get(0);
    int elementLevel = column.level() + 1;
    if (column.repeated() || !repeated.repeated()) {
      return Optional.empty();
    }
    if (repeated.isLeaf() && repeated.leaf() >= 0) {
      return Optional.of(values(List.of(column, repeated), elementLevel, true, elementLevel));
    }
    if (repeated.children().size() != 1) {
      return Optional.empty();
    }
    Node element = repeated.children().get(0);
    return element.leaf() < 0 || element.repeated()
        ? Optional.empty()
        : Optional.of(
            values(
                List.of(column, repeated, element),
                elementLevel + element.level(),
                true,
                elementLevel));
  }

  private static ParquetColumn.Values values(
      List<Node> path, int maxLevel, boolean list, int elementLevel) {
    Node leaf = path.get(path.size() - 1);
    SchemaElement element = leaf.element();
    String[] names = path.stream().map(node -> node.element().getName()).toArray(String[]::new);
    PrimitiveType type =
        new PrimitiveType(
            Repetition.valueOf(element.getRepetition_type().name()),
            primitive(element),
            element.getType_length(),
            element.getName());
    return new ParquetColumn.Values(
        leaf.leaf(),
        element,
        new ColumnDescriptor(names, type, list ? 1 : 0, maxLevel),
        list,
        elementLevel);
  }

  private static PrimitiveTypeName primitive(SchemaElement element) {
    return switch (element.getType()) {
      case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
      case INT32 -> PrimitiveTypeName.INT32;
      case INT64 -> PrimitiveTypeName.INT64;
      case INT96 -> PrimitiveTypeName.INT96;
      case FLOAT -> PrimitiveTypeName.FLOAT;
      case DOUBLE -> PrimitiveTypeName.DOUBLE;
      case BYTE_ARRAY -> PrimitiveTypeName.BINARY;
      case FIXED_LEN_BYTE_ARRAY -> PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
    };
  }
}
