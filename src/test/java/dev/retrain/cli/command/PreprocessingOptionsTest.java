package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user says about a network's preprocessing holds from training to a SavedModel. */
class PreprocessingOptionsTest {
  private static final int PER_CLASS = 12;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static Path images;

  @BeforeAll
  static void write() throws IOException {
    images = directory.resolve("images");
    for (int i = 0; i < 2 * PER_CLASS; i++) {
      Path file = images.resolve(i % 2 == 0 ? "even" : "odd").resolve("image" + i + ".png");
      Files.createDirectories(file.getParent());
      int seed = i;
      int shift = i % 2 * 90;
      // Of all shapes, and of two colors.
      Files.write(
          file,
          TestImages.file(
              TestImages.paint(
                  40 + 7 * i % 61,
                  40 + 11 * i % 53,
                  (x, y) -> TestImages.rgb(shift + (x * (seed + 3) & 63), y & 127, 150 - shift)),
              "png"));
    }
    PythonClient.require()
        .run("conventions.py", directory, directory, images, "odd", "unit", "uint8");
  }

  private static Cli train(String name, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--image-dir",
                images,
                "--bottleneck-dir",
                directory.resolve("cache-" + name),
                "--iterations",
                30,
                "--output-graph",
                model(name),
                "--output-labels",
                directory.resolve(name + ".txt"),
                "--summaries-dir",
                directory.resolve("logs-" + name),
                "--no-plots"));
    arguments.addAll(List.of(more));
    Cli cli = Cli.run(arguments.toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli;
  }

  private static Path model(String name) {
    return directory.resolve(name + "-model.pb");
  }

  private static JsonNode metadata(String name) throws IOException {
    return JSON.readTree(directory.resolve(name + "-model.json").toFile());
  }

  @ParameterizedTest
  @CsvSource({"crop, bgr", "pad, rgb"})
  void savedModelGivesTheProbabilitiesOfPredict(String resize, String channels) throws IOException {
    String name = resize + channels;
    train(
        name,
        "--graph",
        directory.resolve("odd.pb"),
        "--mean",
        "100,110,120",
        "--std",
        "50,60,70",
        "--channels",
        channels,
        "--resize",
        resize);
    JsonNode input = metadata(name).get("input");
    assertThat(metadata(name).get("format").asInt()).isEqualTo(3);
    assertThat(input.get("mean"))
        .extracting(JsonNode::asDouble)
        .containsExactly(100.0, 110.0, 120.0);
    assertThat(input.get("resize").asText()).isEqualTo(resize);
    assertThat(input.has("channels")).isEqualTo(channels.equals("bgr"));

    Path saved = directory.resolve(name + "-saved");
    assertThat(Cli.run("export", model(name), "--to", saved).code()).isZero();
    List<Path> files;
    try (Stream<Path> all = Files.list(images.resolve("odd"))) {
      files = all.sorted().limit(4).toList();
    }
    List<Object> arguments =
        new ArrayList<>(List.of(saved, 48, 48, "100,110,120", "50,60,70", channels, resize));
    arguments.addAll(files);
    JsonNode theirs =
        PythonClient.require().run("saved_model.py", arguments.toArray()).get("probabilities");
    arguments = new ArrayList<>(List.of("predict", model(name), "--json"));
    arguments.addAll(files);
    List<String> ours = Cli.run(arguments.toArray()).out().lines().toList();
    List<String> labels = Files.readAllLines(directory.resolve(name + ".txt"));
    for (int i = 0; i < files.size(); i++) {
      for (JsonNode prediction : JSON.readTree(ours.get(i)).get("predictions")) {
        int label = labels.indexOf(prediction.get("label").asText());
        for (String signature : List.of("bytes", "images", "lite")) {
          assertThat(theirs.get(signature).get(i).get(label).asDouble())
              .as(signature)
              .isCloseTo(prediction.get("probability").asDouble(), Offset.offset(1e-5));
        }
      }
    }
  }

  @Test
  void givenOptionsGiveTheModelOfInferredOnes() throws IOException {
    Path graph = directory.resolve("unit.pb");
    train("inferred", "--graph", graph);
    String tensor = metadata("inferred").at("/backbone/bottlenecks/0").asText();
    train("given", "--graph", graph, "--range", "0,1", "--bottleneck", tensor, "--size", "48,48");
    assertThat(model("given")).hasSameBinaryContentAs(model("inferred"));
    assertThat(metadata("inferred").get("format").asInt()).isEqualTo(2);
    assertThat(metadata("inferred").at("/backbone/inferred")).hasSize(2);
    assertThat(metadata("given").at("/backbone/inferred").isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"multi, 72", "grid, 288"})
  void layersOfAnyGraphMakeLongerVectors(String features, int length) throws IOException {
    train(features, "--graph", directory.resolve("unit.pb"), "--features", features);
    assertThat(metadata(features).at("/backbone/vector_length").asInt()).isEqualTo(length);
    assertThat(metadata(features).at("/backbone/bottlenecks")).hasSize(3);
  }

  @Test
  void dryRunRefusesWhatTheRunRefuses() throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "bottleneck",
                "--image-dir",
                images,
                "--bottleneck-dir",
                directory.resolve("cache-refused"),
                "--graph",
                directory.resolve("uint8.pb"),
                "--bottleneck",
                "images"));
    Cli run = Cli.run(arguments.toArray());
    arguments.add("--dry-run");
    Cli dryRun = Cli.run(arguments.toArray());
    assertThat(run.code()).isEqualTo(1);
    assertThat(dryRun.code()).isEqualTo(1);
    assertThat(dryRun.err()).isEqualTo(run.err());
  }
}
