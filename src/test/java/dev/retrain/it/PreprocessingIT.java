package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.cli.Cli;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SharedData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decoding and scaling, compared with Python's TensorFlow. */
class PreprocessingIT {
  @TempDir private Path directory;

  @Test
  void tensorsEqualThoseOfRetrainPy() throws Exception {
    PythonClient python = PythonClient.require();
    SharedData.cifar10(directory, 1);
    Cli.run("quickstart", "--dir", directory.resolve("q"), "--quiet");
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(directory)) {
      all.filter(file -> file.toString().matches(".*(0000|_000)\\.jpg")).forEach(files::add);
    }
    assertThat(files).hasSizeGreaterThan(15);
    List<Object> arguments = new ArrayList<>(List.of(61, 47, 127.5, 127.5));
    arguments.addAll(files);
    JsonNode theirs = python.run("preprocess.py", arguments.toArray());
    try (ImageDecoder decoder = new ImageDecoder(new Preprocessing(61, 47, 127.5f, 127.5f))) {
      for (int i = 0; i < files.size(); i++) {
        float[] ours = decoder.decode(Files.readAllBytes(files.get(i)));
        assertThat(theirs.get(i)).hasSize(ours.length);
        for (int j = 0; j < ours.length; j++) {
          assertThat((double) ours[j])
              .isCloseTo(theirs.get(i).get(j).asDouble(), Offset.offset(1e-5));
        }
      }
    }
  }
}
