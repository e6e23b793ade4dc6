package dev.retrain.image.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.image.PixelLimit;
import dev.retrain.image.RgbImage;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;
import org.tensorflow.types.TUint8;

/**
 * Every format, color type and bit depth against the pixels that Pillow reads: {@code
 * write_images.py} writes the files with Pillow and ImageMagick.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ImagePixelsTest {
  @TempDir static Path directory;

  private List<JsonNode> images;
  private RgbDecoder decoder;

  @BeforeAll
  void writeImages() throws IOException {
    PythonClient python = PythonClient.require();
    JsonNode list =
        python.run("write_images.py", Stream.concat(Stream.of(directory), imageMagick()).toArray());
    images = StreamSupport.stream(list.spliterator(), false).toList();
    decoder = new RgbDecoder(PixelLimit.DEFAULT);
  }

  @AfterAll
  void close() {
    if (decoder != null) {
      decoder.close();
    }
  }

  private static Stream<Object> imageMagick() {
    try {
      return Stream.of(Tool.require("convert-im6.q16").program());
    } catch (TestAbortedException e) {
      return Stream.empty();
    }
  }

  Stream<String> names() {
    return images.stream().map(image -> image.path("name").textValue());
  }

  @ParameterizedTest
  @MethodSource("names")
  void pixelsAreThoseOfPillow(String name) throws Exception {
    JsonNode expected =
        images.stream()
            .filter(image -> image.path("name").textValue().equals(name))
            .findFirst()
            .orElseThrow();
    byte[] pixels = Files.readAllBytes(directory.resolve(name + ".rgb"));

    RgbImage image = decoder.decode(Files.readAllBytes(directory.resolve(name)));

    assertThat(image.width()).isEqualTo(expected.path("width").intValue());
    assertThat(image.height()).isEqualTo(expected.path("height").intValue());
    Difference difference = Difference.between(bytes(image), pixels);
    Difference accepted = tolerance(name);
    assertThat(difference.maximum()).as(name).isLessThanOrEqualTo(accepted.maximum());
    assertThat(difference.mean()).isLessThanOrEqualTo(accepted.mean());
  }

  /** The greatest and the mean difference that are accepted. */
  private static Difference tolerance(String name) {
    if (name.matches(".*\\.(jpg|mpo)")) {
      // TensorFlow's libjpeg uses a faster, less exact cosine transform than Pillow's.
      return new Difference(3, 1);
    }
    if (name.matches("rgb5.5\\.bmp|ycbcr.tif")) {
      // Five bits become eight, and YCbCr becomes RGB, rounded here, truncated by Pillow.
      return new Difference(1, 0.5);
    }
    // Color is stored at half the resolution, and interpolated differently.
    return name.contains("lossy") ? new Difference(5, 0.5) : new Difference(0, 0);
  }

  private static byte[] bytes(RgbImage image) {
    byte[] bytes = new byte[image.height() * image.width() * 3];
    try (TUint8 tensor = image.tensor()) {
      tensor.asRawTensor().data().read(bytes);
    }
    return bytes;
  }

  /**
   * How much two images differ, in units of 255.
   *
   * @param maximum the greatest difference of two values
   * @param mean the mean difference
   */
  private record Difference(int maximum, double mean) {
    static Difference between(byte[] some, byte[] others) {
      int maximum = 0;
      long sum = 0;
      for (int i = 0; i < some.length; i++) {
        int difference = Math.abs((some[i] & 0xFF) - (others[i] & 0xFF));
        maximum = Math.max(maximum, difference);
        sum += difference;
      }
      return new Difference(maximum, (double) sum / some.length);
    }
  }
}
