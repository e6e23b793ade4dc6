package dev.retrain.image.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.image.ChannelOrder;
import dev.retrain.image.Normalization;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.ResizeMode;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way to resize and normalize gives the pixels of Python's TensorFlow and NumPy. */
class ResizeModesTest {
  private static final int[][] SIZES = {
    {60, 40}, {40, 61}, {31, 31}, {300, 7}, {5, 200}, {1, 90}, {24, 32}, {640, 500}
  };

  @TempDir private static Path directory;
  private static final List<Path> FILES = new ArrayList<>();

  @BeforeAll
  static void write() throws IOException {
    for (int[] size : SIZES) {
      Path file = directory.resolve(size[0] + "x" + size[1] + ".png");
      Files.write(file, TestImages.file(TestImages.noise(size[0], size[1], size[0]), "png"));
      FILES.add(file);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          24 | 24 | 127.5                   | 127.5     | RGB | STRETCH
          24 | 24 | 127.5                   | 127.5     | RGB | CROP
          24 | 24 | 127.5                   | 127.5     | RGB | PAD
          20 | 33 | 0                       | 255       | RGB | CROP
          20 | 33 | 0                       | 255       | RGB | PAD
          33 | 20 | 123.68,116.779,103.939  | 1         | BGR | CROP
          33 | 20 | 123.68,116.779,103.939  | 1         | BGR | PAD
          24 | 32 | 124,116,104             | 58,57,56  | RGB | STRETCH
          """)
  void pixelsEqualThoseOfPython(
      int height, int width, String mean, String std, ChannelOrder channels, ResizeMode resize)
      throws Exception {
    List<Object> arguments =
        new ArrayList<>(List.<Object>of(height, width, mean, std, channels, resize));
    arguments.addAll(FILES);
    JsonNode expected = PythonClient.require().run("preparation.py", arguments.toArray());
    Preprocessing preprocessing =
        new Preprocessing(height, width, new Normalization(numbers(mean), numbers(std), channels))
            .with(resize);
    try (ImageDecoder decoder = new ImageDecoder(preprocessing)) {
      for (int i = 0; i < FILES.size(); i++) {
        float[] pixels = decoder.decode(Files.readAllBytes(FILES.get(i)));
        float[] python = new float[expected.get(i).size()];
        for (int j = 0; j < python.length; j++) {
          python[j] = (float) expected.get(i).get(j).asDouble();
        }
        // Python divides, where retrain.py and this tool multiply by the reciprocal.
        assertThat(pixels)
            .as(FILES.get(i).toString())
            .containsExactly(python, Offset.offset(2e-5f));
      }
    }
  }

  private static List<Float> numbers(String text) {
    return List.of(text.split(",")).stream().map(Float::parseFloat).toList();
  }
}
