package dev.retrain.util.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;

/** The texts of values: those that they would have in a CSV file. */
final class CellText {
  /** Of decimal numbers, of which Parquet's writers have at most 76 digits. */
  private static final int MAX_SCALE = 100;

  private CellText() {}

  /** Reads the current value of a column as text. */
  @FunctionalInterface
  interface Reader extends Function<ColumnReader, String> {}

  /**
   * The reader for a type: text, numbers and truth values.
   *
   * @return empty for dates, times, binary data and other types
   */
  static Optional<Reader> reader(SchemaElement element) {
    if (isDecimal(element)) {
      int scale = scale(element);
      if (scale < 0 || scale > MAX_SCALE) {
        return Optional.empty();
      }
      return unscaled(element.getType())
          .map(number -> column -> new BigDecimal(number.apply(column), scale).toPlainString());
    }
    if (!isPlain(element)) {
      return Optional.empty();
    }
    boolean unsigned = isUnsigned(element);
    return Optional.ofNullable(
        switch (element.getType()) {
          case BOOLEAN -> column -> Boolean.toString(column.getBoolean());
          case INT32 ->
              unsigned
                  ? column -> Integer.toUnsignedString(column.getInteger())
                  : column -> Integer.toString(column.getInteger());
          case INT64 ->
              unsigned
                  ? column -> Long.toUnsignedString(column.getLong())
                  : column -> Long.toString(column.getLong());
          case FLOAT -> column -> Float.toString(column.getFloat());
          case DOUBLE -> column -> Double.toString(column.getDouble());
          case BYTE_ARRAY -> CellText::utf8;
          default -> null;
        });
  }

  /** A type in words: {@code a timestamp}. */
  static String name(SchemaElement element) {
    String name =
        element.isSetLogicalType() && element.getLogicalType().isSet()
            ? element.getLogicalType().getSetField().getFieldName()
            : element.isSetConverted_type()
                ? element.getConverted_type().name()
                : element.getType().name();
    String words = name.toLowerCase(Locale.ROOT).replace('_', ' ');
    return (words.matches("[aeiou].*") ? "an " : "a ") + words + " value";
  }

  private static String utf8(ColumnReader column) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(column.getBinary().toByteBuffer())
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedColumnException("the text is not valid UTF-8", e);
    }
  }

  /** Whether the values of a type are what its physical type says: no dates, no times. */
  private static boolean isPlain(SchemaElement element) {
    if (element.isSetLogicalType()) {
      LogicalType type = element.getLogicalType();
      return type.isSetSTRING()
          || type.isSetENUM()
          || type.isSetJSON()
          || type.isSetINTEGER()
          || type.isSetUNKNOWN();
    }
    if (!element.isSetConverted_type()) {
      return true;
    }
    return switch (element.getConverted_type()) {
      case UTF8, ENUM, JSON, INT_8, INT_16, INT_32, INT_64, UINT_8, UINT_16, UINT_32, UINT_64 ->
          true;
      default -> false;
    };
  }

  private static boolean isUnsigned(SchemaElement element) {
    if (element.isSetLogicalType()) {
      LogicalType type = element.getLogicalType();
      return type.isSetINTEGER() && !type.getINTEGER().isIsSigned();
    }
    return element.isSetConverted_type() && element.getConverted_type().name().startsWith("UINT");
  }

  private static boolean isDecimal(SchemaElement element) {
    return element.isSetLogicalType()
        ? element.getLogicalType().isSetDECIMAL()
        : element.getConverted_type() == ConvertedType.DECIMAL;
  }

  private static int scale(SchemaElement element) {
    return element.isSetLogicalType()
        ? element.getLogicalType().getDECIMAL().getScale()
        : element.getScale();
  }

  private static Optional<Function<ColumnReader, BigInteger>> unscaled(Type type) {
    return Optional.ofNullable(
        switch (type) {
          case INT32 -> column -> BigInteger.valueOf(column.getInteger());
          case INT64 -> column -> BigInteger.valueOf(column.getLong());
          case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY ->
              column -> new BigInteger(column.getBinary().getBytes());
          default -> null;
        });
  }
}
