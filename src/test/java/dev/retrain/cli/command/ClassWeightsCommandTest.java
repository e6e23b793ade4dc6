package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.testing.TextClusters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --class-weights}. */
class ClassWeightsCommandTest {
  @TempDir private Path directory;

  @BeforeEach
  void writeVectors() throws IOException {
    TextClusters.write(directory.resolve("vectors"), 90);
  }

  private Cli run(String command, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                command,
                "--vectors",
                directory.resolve("vectors"),
                "-o",
                directory.resolve("model.pb"),
                "--output-labels",
                directory.resolve("labels.txt"),
                "--summaries-dir",
                directory.resolve("logs"),
                "--no-plots",
                "--json",
                "-q",
                "-f"));
    Collections.addAll(arguments, more);
    return Cli.run(arguments.toArray());
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("weights.csv"), content.replace('|', '\n'));
  }

  private JsonNode metadata() throws IOException {
    return new ObjectMapper().readTree(directory.resolve("model.json").toFile());
  }

  @Test
  void weightsChangeTheModelAndAreRecorded() throws IOException {
    assertThat(run("train", "--epochs", 5).code()).isZero();
    byte[] plain = Files.readAllBytes(directory.resolve("model.pb"));
    assertThat(metadata().get("options").has("class_weights")).isFalse();

    // The classes have the same number of images.
    assertThat(
            run(
                    "train",
                    "--epochs",
                    5,
                    "--class-weights",
                    file("class,weight|class0,9|class1,1|class2,1"))
                .code())
        .isZero();
    assertThat(Files.readAllBytes(directory.resolve("model.pb"))).isNotEqualTo(plain);
    assertThat(metadata().get("options").get("class_weights").asText()).endsWith("weights.csv");
  }

  @Test
  void sweepComparesWeights() throws IOException {
    JsonNode json =
        run(
                "sweep",
                "--epochs",
                3,
                "--class-weights",
                "balanced," + file("class,weight|class0,9|class1,1|class2,1"))
            .json();
    assertThat(json.get("trainings").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "class,weight|class0,1|class1,1|class2,1|class3,1 # 1 # weights.csv has a weight for 'class3', which is not a class",
        "class,weight|class0,1|class1,1                   # 1 # weights.csv has no weight for class 'class2'. Add a row for it.",
        "class,weight|class0,1|class1,1|class2,-1         # 1 # weights.csv, line 4: the weight of class 'class2' must be a finite number above 0, but is '-1'",
      })
  void faultsAreReported(String content, int code, String message) throws IOException {
    Cli cli = run("train", "--epochs", 2, "--class-weights", file(content.strip()));
    assertThat(cli.code()).isEqualTo(code);
    assertThat(cli.err().strip().lines()).hasSize(1);
    assertThat(cli.err()).contains(message.strip());
    Cli plan = run("train", "--epochs", 2, "--dry-run", "--class-weights", file(content.strip()));
    assertThat(plan.code()).isEqualTo(code);
    assertThat(plan.err()).isEqualTo(cli.err());
  }

  @Test
  void balancedBatchesAreExplained() {
    Cli cli = run("train", "--class-weights", "balanced");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err())
        .contains(
            "--class-weights requires --epochs; with --iterations, batches already draw all classes"
                + " equally often");
    cli = run("train", "--epochs", 2, "--class-weights", "missing.csv");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err())
        .contains("--class-weights must be balanced or an existing CSV file, but is 'missing.csv'");
  }
}
