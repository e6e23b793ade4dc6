package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.ScatteringTraining;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A damaged model fails every command that reads one, with one line and exit code 1. */
class DamagedModelTest {
  @TempDir private static Path directory;
  private static String original;

  @BeforeAll
  static void train() throws IOException {
    SampleImages.write(directory.resolve("images"), 8, 1, Progress.NONE);
    Cli cli = ScatteringTraining.run(directory);
    assertThat(cli.code()).as(cli.err()).isZero();
    original = Files.readString(metadata());
  }

  private static Path metadata() {
    return directory.resolve("model.json");
  }

  @AfterEach
  void nothingIsWritten() {
    assertThat(directory.resolve("report.html")).doesNotExist();
    assertThat(directory.resolve("saved")).doesNotExist();
  }

  private static void damage(String field, String value) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = (ObjectNode) mapper.readTree(original);
    int slash = field.lastIndexOf('/');
    ((ObjectNode) json.at(field.substring(0, slash)))
        .set(field.substring(slash + 1), mapper.readTree(value));
    Files.writeString(metadata(), json.toString());
  }

  private static void assertFails(String named, Object... command) {
    Cli cli = Cli.run(command);
    assertThat(cli.code()).as(cli.err()).isEqualTo(1);
    assertThat(cli.err().lines()).as(cli.err()).hasSize(1);
    assertThat(cli.err()).contains("model.json", named).doesNotContain("Internal error");
    assertThat(cli.out()).isEmpty();
  }

  /** Only an evaluation computes vectors, and learns that they don't fit the classifier. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "bottlenecks; [\"input:0\"]; 'backbone.bottlenecks'",
        "computation; null; 'backbone.computation'",
      })
  void evaluationReportsTheBackbone(String key, String value, String named) throws IOException {
    damage("/backbone/" + key, value);
    assertFails(
        named,
        "evaluate",
        directory.resolve("model.pb"),
        "--bottleneck-dir",
        directory.resolve("cache"),
        "--quiet");
  }

  @ParameterizedTest(name = "{0} = {1}")
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "/format, 7, 'format'",
        "/graph_sha256, \"ab\", 'graph_sha256'",
        "/labels, [], 'labels'",
        "/labels, null, 'labels'",
        "/input/height, -1, 'input.height'",
        "/input/width, 2147483647, 'input.width'",
        "/input/width, 95, 'input.width'",
        "/input/std, 0, 'input.std'",
        "/input/mean, 1e308, 'input.mean'",
        "/input/tensor, \"none:0\", 'input.tensor'",
        "/output/tensor, 3, 'output.tensor'",
        "/backbone, null, 'backbone'",
        "/backbone/vector_length, 5, 'backbone.vector_length'",
        "/data/directory, null, 'data.directory'",
        "/data/split/test_files, \"[\", 'data.split.test_files'",
        "/options, null, 'options'",
        "/metrics/history/iterations, [1], 'metrics.history.",
      })
  void everyCommandReportsTheField(String field, String value, String named) throws IOException {
    damage(field, value);
    Path model = directory.resolve("model.pb");
    Path cache = directory.resolve("cache");
    Path image = directory.resolve("images/dots/dots_000.jpg");
    List<Object[]> commands =
        List.of(
            new Object[] {"predict", model, image},
            new Object[] {"predict", metadata(), image},
            new Object[] {"evaluate", model, "--bottleneck-dir", cache},
            new Object[] {
              "report",
              model,
              "--bottleneck-dir",
              cache,
              "--output",
              directory.resolve("report.html")
            },
            new Object[] {"export", model, "--to", directory.resolve("saved")});
    for (Object[] command : commands) {
      assertFails(named, command);
    }
  }

  @Test
  void extremeButValidValuesAreReported() throws IOException {
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(original);
    ObjectNode metrics = (ObjectNode) json.get("metrics");
    metrics.put("iterations", Integer.MAX_VALUE).put("best_iteration", Integer.MAX_VALUE);
    metrics.put("test_loss", 1e308).put("test_accuracy", "NaN");
    ObjectNode history = (ObjectNode) metrics.get("history");
    for (String column : List.of("iterations", "training_accuracy", "validation_accuracy")) {
      history.putArray(column).add(0).add(1).add(1);
    }
    history.putArray("training_loss").add("NaN").add("Infinity").add(1e308);
    history.putArray("validation_loss").add("NaN").add("-Infinity").add(0);
    for (JsonNode counts : json.at("/data/classes")) {
      for (String set : List.of("training", "validation", "test")) {
        ((ObjectNode) counts).put(set, 500_000_000);
      }
    }
    Files.writeString(metadata(), json.toString());

    Path report = directory.resolve("extreme.html");
    Cli cli =
        Cli.run(
            "report",
            directory.resolve("model.pb"),
            "--bottleneck-dir",
            directory.resolve("cache"),
            "--output",
            report,
            "--quiet");

    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(report).exists();
  }
}
