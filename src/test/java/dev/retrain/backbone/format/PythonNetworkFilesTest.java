package dev.retrain.backbone.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.format.FileFormats.Expected;
import dev.retrain.backbone.signature.GraphSignature;
import dev.retrain.cli.Cli;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that Python's Keras and TensorFlow write. */
class PythonNetworkFilesTest {
  @TempDir private static Path directory;
  private static JsonNode written;

  @BeforeAll
  static void write() throws IOException {
    written = PythonClient.require().run("write_networks.py", directory);
    for (String label : List.of("a", "b")) {
      Path folder = Files.createDirectories(directory.resolve("images").resolve(label));
      for (int i = 0; i < 10; i++) {
        Files.write(
            folder.resolve(i + ".png"), TestImages.file(TestImages.noise(16, 16, i), "png"));
      }
    }
  }

  private static Cli run(String path, String... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--image-dir",
                directory.resolve("images"),
                "--graph",
                directory.resolve(path),
                "-o",
                directory.resolve("out.pb"),
                "--output-labels",
                directory.resolve("out.txt"),
                "--bottleneck-dir",
                directory.resolve("cache"),
                "--summaries-dir",
                directory.resolve("logs")));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray());
  }

  @ParameterizedTest
  @CsvSource({
    "model.h5, a Keras model (HDF5",
    "model.weights.h5, a file of weights in the format HDF5",
    "model.keras, a Keras model (.keras)",
    "architecture.json, the architecture of a Keras model",
    "model.tflite, a TensorFlow Lite model",
    "tf2/ckpt-1.index, the index of a TensorFlow checkpoint",
    "tf2/ckpt-1.data-00000-of-00001, the data of a TensorFlow checkpoint",
    "tf2/ckpt-1, the prefix of a TensorFlow checkpoint",
    "managed/checkpoint, the list of checkpoints",
    "managed, a directory of checkpoints",
    "tf1/model.ckpt.meta, a MetaGraphDef",
    "tf1/model.ckpt.index, the index of a TensorFlow checkpoint",
    "saved, a SavedModel",
    "saved/saved_model.pb, the file of a SavedModel",
  })
  void runAndDryRunNameTheFile(String path, String kind) {
    Cli real = run(path);
    Cli dry = run(path, "--dry-run");
    assertThat(real.err().lines().findFirst().orElseThrow())
        .contains(directory.resolve(path).toString(), " is not a frozen graph: it is " + kind)
        .isEqualTo(dry.err().lines().findFirst().orElseThrow());
    assertThat(real.code()).isEqualTo(dry.code()).isIn(1, 2);
    assertThat(directory.resolve("out.pb")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"frozen.pb", "frozen.pbtxt"})
  void frozenGraphComputesPythonsVector(String name) throws IOException {
    Backbone backbone =
        BackboneLoader.load(
            directory.resolve(name),
            new GraphSignature(
                Optional.empty(),
                List.of("pool:0"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    float[] pixels = new float[16 * 16 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (i % 3 + i / 3 % 16 + i / 48) % 2;
    }
    try (BackboneSession session = new BackboneSession(backbone)) {
      float[] vector = session.vectors(List.of(pixels));
      assertThat(vector).hasSize(2);
      for (int i = 0; i < 2; i++) {
        assertThat((double) vector[i])
            .isCloseTo(written.get("vector").get(i).asDouble(), within(1e-5));
      }
    }
  }

  @Test
  void savedModelIsAccepted() throws IOException {
    assertThat(FileFormats.explain(directory.resolve("saved"), Expected.SAVED_MODEL)).isEmpty();
    assertThat(FileFormats.isSavedModel(directory.resolve("saved/saved_model.pb"))).isTrue();
    assertThat(FileFormats.isSavedModel(directory.resolve("frozen.pb"))).isFalse();
    assertThat(Files.exists(directory.resolve("cache"))).isFalse();
  }
}
