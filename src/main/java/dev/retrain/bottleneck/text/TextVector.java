package dev.retrain.bottleneck.text;

import com.fasterxml.jackson.core.io.NumberInput;
import com.fasterxml.jackson.core.io.NumberOutput;
import dev.retrain.bottleneck.UnreadableVectorException;
import dev.retrain.util.io.RegularFile;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The content of retrain.py's file of one vector: decimals separated by commas, without a final
 * newline.
 *
 * <p>Numbers are written like {@code str(numpy.float32)} of NumPy 1.14 to 1.26: the shortest
 * decimal that parses to the same float32, positional from 1e-4 to 1e16, otherwise with an exponent
 * of at least two digits.
 */
final class TextVector {
  /** Far more than any vector needs; a larger file is something else. */
  private static final int MAX_BYTES = 1 << 24;

  private static final double POSITIONAL_FROM = 1e-4;
  private static final double POSITIONAL_BELOW = 1e16;
  private static final MathContext ONE_DIGIT = new MathContext(1, RoundingMode.HALF_EVEN);
  private static final int QUOTED_CHARACTERS = 24;

  /** Byte-order marks. */
  private static final String UTF_8_BOM = "\u00ef\u00bb\u00bf";

  private static final String UTF_16_LE_BOM = "\u00ff\u00fe";
  private static final String UTF_16_BE_BOM = "\u00fe\u00ff";

  private final float[] values;

  /** The array must not be changed afterwards. */
  TextVector(float[] values) {
    this.values = values;
  }

  /**
   * Reads the bytes of a file.
   *
   * @throws UnreadableVectorException if the file is too large for a vector
   * @throws IOException if the file can't be read
   */
  static byte[] read(Path file) throws IOException, UnreadableVectorException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new UnreadableVectorException(
          String.format(Locale.ROOT, "it has %,d bytes, too many for a vector", size));
    }
    return RegularFile.read(file);
  }

  /**
   * Parses a vector.
   *
   * @param content the bytes of a file; white space around numbers and a byte-order mark are
   *     ignored
   * @return at least one number, all of them finite
   * @throws UnreadableVectorException if there is no number, or one is not a float32
   */
  static TextVector parse(byte[] content) throws UnreadableVectorException {
    String text = new String(content, StandardCharsets.ISO_8859_1).strip();
    if (text.startsWith(UTF_16_LE_BOM) || text.startsWith(UTF_16_BE_BOM)) {
      throw new UnreadableVectorException("it is UTF-16 text; convert it to UTF-8");
    }
    text = text.startsWith(UTF_8_BOM) ? text.substring(UTF_8_BOM.length()).strip() : text;
    if (text.isEmpty()) {
      throw new UnreadableVectorException("it is empty");
    }
    float[] values = new float[1 + (int) text.chars().filter(c -> c == ',').count()];
    int from = 0;
    for (int i = 0; i < values.length; i++) {
      int comma = text.indexOf(',', from);
      int to = comma < 0 ? text.length() : comma;
      values[i] = number(text.substring(from, to).strip(), i + 1);
      from = to + 1;
    }
    return new TextVector(values);
  }

  private static float number(String decimal, int position) throws UnreadableVectorException {
    // Java's parser also accepts 1f, 0x1p3 and NaN.
    if (!decimal.isEmpty() && decimal.chars().allMatch(TextVector::isDecimalCharacter)) {
      try {
        float value = NumberInput.parseFloat(decimal, true);
        if (Float.isFinite(value)) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Reported below.
      }
    }
    String quoted =
        decimal.length() > QUOTED_CHARACTERS
            ? decimal.substring(0, QUOTED_CHARACTERS) + "..."
            : decimal;
    throw new UnreadableVectorException(
        String.format(
            Locale.ROOT,
            "number %,d is '%s', expected a decimal in the range of float32",
            position,
            quoted.replaceAll("[^ -~]", "?")));
  }

  private static boolean isDecimalCharacter(int c) {
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
  }

  /** The numbers; must not be changed. */
  float[] values() {
    return values;
  }

  /**
   * @throws UnreadableVectorException if the vector has another length
   */
  void checkLength(int expected) throws UnreadableVectorException {
    if (values.length != expected) {
      throw new UnreadableVectorException(
          String.format(
              Locale.ROOT,
              "it has %s, expected %,d%s",
              Counted.of(values.length, "number"),
              expected,
              values.length < expected ? "; it may be truncated" : ""));
    }
  }

  /** The bytes of the vector's file. */
  byte[] content() {
    StringBuilder text = new StringBuilder(12 * values.length);
    for (float value : values) {
      if (!text.isEmpty()) {
        text.append(',');
      }
      append(text, value);
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void append(StringBuilder text, float value) {
    if (value == 0) {
      text.append(value);
      return;
    }
    BigDecimal decimal = shortest(value);
    double size = Math.abs((double) value);
    if (size >= POSITIONAL_FROM && size < POSITIONAL_BELOW) {
      text.append(decimal.toPlainString()).append(decimal.scale() > 0 ? "" : ".0");
      return;
    }
    int exponent = decimal.precision() - decimal.scale() - 1;
    text.append(decimal.scaleByPowerOfTen(-exponent).toPlainString())
        .append(exponent < 0 ? "e-" : "e+")
        .append(Math.abs(exponent) < 10 ? "0" : "")
        .append(Math.abs(exponent));
  }

  // Double.toString is shortest only since Java 19; Jackson's is, except that it writes two digits
  // where one is enough.
  private static BigDecimal shortest(float value) {
    BigDecimal decimal = new BigDecimal(NumberOutput.toString(value, true)).stripTrailingZeros();
    if (decimal.precision() == 2) {
      BigDecimal one = decimal.round(ONE_DIGIT);
      if (one.floatValue() == value) {
        return one.stripTrailingZeros();
      }
    }
    return decimal;
  }
}
