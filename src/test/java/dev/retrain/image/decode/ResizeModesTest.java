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
import java.util.Locale;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to resize and normalize gives the pixels of Python's TensorFlow and NumPy. */
class ResizeModesTest {
  private static final int[][] SIZES = {
    {60, 40}, {40, 61}, {31, 31}, {300, 7}, {5, 200}, {1, 90}, {24, 32}, {640, 500}
  };

  /** Height, width, mean, standard deviation, order of the channels, resize mode. */
  private static final List<String> CASES =
      List.of(
          "24/24/127.5/127.5/rgb/stretch",
          "24/24/127.5/127.5/rgb/crop",
          "24/24/127.5/127.5/rgb/pad",
          "20/33/0/255/rgb/crop",
          "20/33/0/255/rgb/pad",
          "33/20/123.68,116.779,103.939/1/bgr/crop",
          "33/20/123.68,116.779,103.939/1/bgr/pad",
          "24/32/124,116,104/58,57,56/rgb/stretch");

  private static final List<Path> FILES = new ArrayList<>();

  @TempDir private static Path directory;
  private static JsonNode expected;

  @BeforeAll
  static void prepareInPython() throws IOException {
    for (int[] size : SIZES) {
      Path file = directory.resolve(size[0] + "x" + size[1] + ".png");
      Files.write(file, TestImages.file(TestImages.noise(size[0], size[1], size[0]), "png"));
      FILES.add(file);
    }
    List<Object> arguments = new ArrayList<>(CASES);
    arguments.add("--");
    arguments.addAll(FILES);
    expected = PythonClient.require().run("preparation.py", arguments.toArray());
  }

  static List<String> cases() {
    return CASES;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void pixelsEqualThoseOfPython(String text) throws Exception {
    String[] words = text.split("/", -1);
    Preprocessing preprocessing =
        new Preprocessing(
                Integer.parseInt(words[0]),
                Integer.parseInt(words[1]),
                new Normalization(
                    numbers(words[2]),
                    numbers(words[3]),
                    ChannelOrder.valueOf(words[4].toUpperCase(Locale.ROOT))))
            .with(ResizeMode.valueOf(words[5].toUpperCase(Locale.ROOT)));
    try (ImageDecoder decoder = new ImageDecoder(preprocessing)) {
      for (int i = 0; i < FILES.size(); i++) {
        float[] pixels = decoder.decode(Files.readAllBytes(FILES.get(i)));
        JsonNode image = expected.get(text).get(i);
        float[] python = new float[image.size()];
        for (int j = 0; j < python.length; j++) {
          python[j] = (float) image.get(j).asDouble();
        }
        // Python divides, where retrain.py and this tool multiply by the reciprocal.
        assertThat(pixels)
            .as(FILES.get(i).toString())
            .containsExactly(python, Offset.offset(2e-5f));
      }
    }
  }

  private static List<Float> numbers(String text) {
    return List.of(text.split(",", -1)).stream().map(Float::parseFloat).toList();
  }
}
