package dev.retrain.bottleneck.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.bottleneck.UnreadableVectorException;
import dev.retrain.testing.PythonClient;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextVectorTest {
  @TempDir private Path directory;

  private static String text(float... values) {
    return new String(new TextVector(values).content(), StandardCharsets.US_ASCII);
  }

  private static float[] parse(String text) throws UnreadableVectorException {
    return TextVector.parse(text.getBytes(StandardCharsets.UTF_8)).values();
  }

  /** All powers of two, the neighbours of powers of ten, and any bits, of either sign. */
  private static float[] manyFloats(int random) {
    Random bits = new Random(7);
    float[] values = new float[random + 4 * 277 + 3 * 90];
    int count = 0;
    for (int exponent = -149; exponent < 128; exponent++) {
      float power = (float) Math.pow(2, exponent);
      for (float value : new float[] {power, -power, Math.nextUp(power), Math.nextDown(power)}) {
        values[count++] = value;
      }
    }
    for (int exponent = -45; exponent < 45; exponent++) {
      float power = Float.parseFloat("1e" + Math.min(exponent, 38));
      for (float value : new float[] {power, Math.nextUp(power), Math.nextDown(power)}) {
        values[count++] = value;
      }
    }
    while (count < values.length) {
      // One in eight is subnormal, half are like a network's, 0 to 20.
      float value =
          switch (bits.nextInt(8)) {
            case 0 -> Float.intBitsToFloat(bits.nextInt(1 << 23));
            case 1, 2, 3 -> Float.intBitsToFloat(bits.nextInt());
            default -> (float) (20 * Math.pow(bits.nextDouble(), 8));
          };
      if (Float.isFinite(value)) {
        values[count++] = value;
      }
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0",
    "-0, -0.0",
    "1, 1.0",
    "-12.250, -12.25",
    "0.061227020, 0.06122702",
    "0.000080230646, 8.0230646e-05",
    "0.001, 0.001",
    "0.00010001, 0.00010001",
    "0.0001, 1e-04",
    "1e7, 10000000.0",
    "16777216, 16777216.0",
    "1e15, 1000000000000000.0",
    "1e16, 1e+16",
    "15e15, 1.5e+16",
    "1.4e-45, 1e-45",
    "2.8e-45, 3e-45",
    "1.17549435e-38, 1.1754944e-38",
    "-3.40282347e38, -3.4028235e+38",
  })
  void numberIsFormattedLikeNumPy(float value, String spelled) {
    assertThat(text(value)).isEqualTo(spelled);
  }

  @Test
  void numbersAreSeparatedByCommas() {
    assertThat(text(1, 2.5f, -3)).isEqualTo("1.0,2.5,-3.0");
  }

  @Test
  void formatIsShortestAndExact() throws UnreadableVectorException {
    float[] values = manyFloats(40_000);
    String[] texts = text(values).split(",", -1);
    assertThat(Arrays.equals(parse(String.join(",", texts)), values)).isTrue();
    for (int i = 0; i < values.length; i++) {
      if (values[i] == 0) {
        continue;
      }
      assertThat(Float.parseFloat(texts[i])).as(texts[i]).isEqualTo(values[i]);
      BigDecimal exact = new BigDecimal(values[i]);
      BigDecimal written = new BigDecimal(texts[i]).stripTrailingZeros();
      int digits = written.precision();
      if (digits > 1) {
        for (RoundingMode mode : List.of(RoundingMode.FLOOR, RoundingMode.CEILING)) {
          String shorter = exact.round(new MathContext(digits - 1, mode)).toString();
          assertThat(Float.parseFloat(shorter))
              .as("%s for %s", shorter, texts[i])
              .isNotEqualTo(values[i]);
        }
      }
      // Of those as short it is the nearest.
      BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      assertThat(
              nearest.compareTo(written) == 0 || Float.parseFloat(nearest.toString()) != values[i])
          .as("%s for %s", nearest, texts[i])
          .isTrue();
    }
  }

  @Test
  void formatEqualsNumPys() throws IOException {
    PythonClient python = PythonClient.require();
    float[] values = manyFloats(100_000);
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    Path file = Files.write(directory.resolve("floats"), bytes.array());
    JsonNode theirs = python.run("spell_floats.py", file);
    String[] ours = text(values).split(",", -1);
    assertThat(theirs.size()).isEqualTo(ours.length);
    for (int i = 0; i < ours.length; i++) {
      assertThat(ours[i]).isEqualTo(theirs.get(i).textValue());
    }
  }

  @Test
  void finalNewlineIsIgnored() throws UnreadableVectorException {
    assertThat(parse("1.5,-2e-3,+3,.5\r\n")).containsExactly(1.5f, -2e-3f, 3, 0.5f);
    assertThat(parse("1.5, -2e-3,\t+3 , .5\n")).containsExactly(1.5f, -2e-3f, 3, 0.5f);
    assertThat(parse("\ufeff1.5,2")).containsExactly(1.5f, 2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|it is empty",
        "' \n'|it is empty",
        "1,2,|number 3 is ''",
        "1,,3|number 2 is ''",
        "1,nan|number 2 is 'nan'",
        "inf,1|number 1 is 'inf'",
        "1,NaN|number 2 is 'NaN'",
        "1,1e39|number 2 is '1e39'",
        "1,-3.5e38|number 2 is '-3.5e38'",
        "1.0f,2|number 1 is '1.0f'",
        "0x1p3,2|number 1 is '0x1p3'",
        "1;2;3|number 1 is '1;2;3'",
        "1,2e|number 2 is '2e'",
        "1,-|number 2 is '-'",
        "<html><body>Not found, sorry|number 1 is '<html><body>Not found'",
        "1,é|number 2 is '??'",
      })
  void invalidNumberIsReportedWithItsPosition(String content, String reason) {
    assertThatThrownBy(() -> parse(content))
        .isInstanceOf(UnreadableVectorException.class)
        .hasMessageStartingWith(reason);
  }

  @Test
  void wrongLengthIsReported() throws UnreadableVectorException {
    TextVector vector = new TextVector(new float[3]);
    vector.checkLength(3);
    assertThatThrownBy(() -> vector.checkLength(2048))
        .isInstanceOf(UnreadableVectorException.class)
        .hasMessageContaining("2,048");
    assertThatThrownBy(() -> vector.checkLength(1))
        .isInstanceOf(UnreadableVectorException.class)
        .hasMessageContaining("3");
  }
}
