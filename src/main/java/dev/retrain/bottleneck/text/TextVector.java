package dev.retrain.bottleneck.text;

import com.fasterxml.jackson.core.io.NumberInput;
import com.fasterxml.jackson.core.io.NumberOutput;
import dev.retrain.bottleneck.UnreadableVectorException;
import dev.retrain.util.io.RegularFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * retrain.py's file of one vector: decimals joined by commas, without a newline at the end.
 *
 * <p>What is written is what {@code str(numpy.float32)} is since NumPy 1.14, and until NumPy 2: the
 * shortest decimal that reads back as the same float32, positional from 1e-4 up to 1e16, otherwise
 * with an exponent of at least two digits.
 */
final class TextVector {
  /** Many times the longest vector there is: what is longer is another file. */
  private static final int MAX_BYTES = 1 << 24;

  private static final double POSITIONAL_FROM = 1e-4;
  private static final double POSITIONAL_BELOW = 1e16;
  private static final MathContext ONE_DIGIT = new MathContext(1, RoundingMode.HALF_EVEN);
  private static final int SHOWN = 24;

  private final float[] values;

  /** Takes the array over; it is not to be changed. */
  TextVector(float[] values) {
    this.values = values;
  }

  /**
   * Reads a file's bytes.
   *
   * @throws UnreadableVectorException where they are too many for a vector
   */
  static byte[] content(Path file) throws IOException, UnreadableVectorException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new UnreadableVectorException(
          "it is %,d bytes long, too many for a vector".formatted(size));
    }
    return RegularFile.read(file);
  }

  /**
   * Reads numbers.
   *
   * @param content a file's bytes; white space around all of it does not count
   * @return the vector: at least one number, each finite
   * @throws UnreadableVectorException where there is none, or one is no float32
   */
  static TextVector parse(byte[] content) throws UnreadableVectorException {
    String text = new String(content, StandardCharsets.ISO_8859_1).strip();
    if (text.isEmpty()) {
      throw new UnreadableVectorException("it is empty");
    }
    float[] values = new float[1 + (int) text.chars().filter(c -> c == ',').count()];
    int from = 0;
    for (int i = 0; i < values.length; i++) {
      int comma = text.indexOf(',', from);
      int to = comma < 0 ? text.length() : comma;
      values[i] = number(text.substring(from, to), i + 1);
      from = to + 1;
    }
    return new TextVector(values);
  }

  private static float number(String decimal, int position) throws UnreadableVectorException {
    // Java's parser takes more than decimals: 1f, 0x1p3, NaN.
    if (!decimal.isEmpty() && decimal.chars().allMatch(TextVector::isInDecimals)) {
      try {
        float value = NumberInput.parseFloat(decimal, true);
        if (Float.isFinite(value)) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Told below.
      }
    }
    String shown = decimal.length() > SHOWN ? decimal.substring(0, SHOWN) + "..." : decimal;
    throw new UnreadableVectorException(
        "number %,d is '%s', expected a decimal that a float32 can hold"
            .formatted(position, shown.replaceAll("[^ -~]", "?")));
  }

  private static boolean isInDecimals(int c) {
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
  }

  /** The numbers; not to be changed. */
  float[] values() {
    return values;
  }

  /** Checks how many numbers there are. */
  void checkLength(int expected) throws UnreadableVectorException {
    if (values.length != expected) {
      throw new UnreadableVectorException(
          "it has %,d number%s, expected %,d%s"
              .formatted(
                  values.length,
                  values.length == 1 ? "" : "s",
                  expected,
                  values.length < expected ? "; it may be cut short" : ""));
    }
  }

  /** The file's bytes. */
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

  // Java's own is shortest from 19 on only; this one is, but for giving two digits where one does.
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
