package dev.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.dataset.SamplePictures;
import dev.retrain.work.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --config} and {@code --dry-run}. */
class ConfigTest {
  @TempDir private static Path shared;
  @TempDir private Path directory;
  private Path config;

  @BeforeAll
  static void fillCache() throws IOException {
    SamplePictures.write(shared.resolve("pictures"), 10, 1, Progress.NONE);
    Cli filled =
        Cli.run(
            "bottleneck",
            "-q",
            "-b",
            "scattering",
            "-i",
            shared.resolve("pictures"),
            "--bottleneck-dir",
            shared.resolve("cache"));
    assertThat(filled.code()).isZero();
  }

  @BeforeEach
  void name() {
    config = directory.resolve("retrain.yaml");
  }

  private void write(String... lines) throws IOException {
    Files.writeString(config, String.join("\n", lines) + "\n");
  }

  private Cli dryRun(Object... more) {
    return dryRunOf("scattering", shared.resolve("cache"), more);
  }

  private Cli dryRunOf(String backbone, Path cache, Object... more) {
    Object[] arguments = {
      "train",
      "-q",
      "-b",
      backbone,
      "-i",
      shared.resolve("pictures"),
      "--bottleneck-dir",
      cache,
      "--dry-run",
      "--output-graph",
      directory.resolve("m.pb"),
      "--output-labels",
      directory.resolve("m.txt")
    };
    return Cli.run(Stream.of(arguments, more).flatMap(Stream::of).toArray());
  }

  private JsonNode options(Object... more) throws IOException {
    Cli run = dryRun(Stream.of(new Object[] {"--json"}, more).flatMap(Stream::of).toArray());
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    return new ObjectMapper().readTree(run.out()).get("options");
  }

  @Test
  void aFileSaysWhatTheCommandLineDoesNot() throws IOException {
    write("lr: 0.50", "seed: 7", "train:", "  seed: 8", "  decay_steps: 80");
    JsonNode options = options("--config", config);
    assertThat(options.get("lr").asText()).isEqualTo("0.5");
    assertThat(options.get("seed").asText()).isEqualTo("8");
    assertThat(options.get("decay_steps").asText()).isEqualTo("80");
    assertThat(options("--config", config, "--seed", 9).get("seed").asText()).isEqualTo("9");
  }

  @Test
  void whatIsOfAnotherCommandIsCheckedAndLeftToIt() throws IOException {
    write("augment:", "  rotation: 10", "learning_rate: 0.2");
    assertThat(options("--config", config).get("lr").asText()).isEqualTo("0.2");
    write("augment:", "  rotatoin: 10");
    assertThat(dryRun("--config", config).err()).contains("line 2").contains("rotation");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lr: fast                | line 1 | fast",
        "lrr: 0.1                | line 1 | did you mean 'lr'",
        "seed: 1\\nseed: 2       | line 2 | 'seed' is there twice",
        "lr: [0.1, 0.2]          | line 1 | takes one value",
        "lr:                     | line 1 | has no value",
        "- lr                    | line 1 | option: value",
        "trian:\\n  lr: 0.1      | line 1 | no command",
        "lr: 'a                  | line 2 | end of stream",
        "lr: 0.1\\nlearning-rate: 1 | line 2 | there already",
      })
  void whatIsWrongIsToldWithFileAndLine(String text, String line, String reason)
      throws IOException {
    write(text.replace("\\n", "\n"));
    Cli run = dryRun("--config", config);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(config.toString()).contains(line).contains(reason);
    assertThat(run.err().lines().filter(said -> said.startsWith("retrain: "))).hasSize(1);
  }

  @Test
  void aFileThatIsNotThereIsTold() {
    assertThat(dryRun("--config", config).code()).isEqualTo(2);
    assertThat(dryRun("--config", config).err()).contains(config + " is not a file");
  }

  @Test
  void anArgumentFileIsTakenToo() throws IOException {
    write("--seed", "11");
    assertThat(options("@" + config).get("seed").asText()).isEqualTo("11");
  }

  @Test
  void aDryRunCountsAndWritesNothing() throws IOException {
    JsonNode node = new ObjectMapper().readTree(dryRun("--json").out());
    assertThat(node.get("files").asInt()).isEqualTo(60);
    assertThat(node.get("cached").asInt()).isEqualTo(60);
    assertThat(node.get("missing").asInt()).isZero();
    assertThat(
            node.get("training").asInt()
                + node.get("validation").asInt()
                + node.get("test").asInt())
        .isEqualTo(60);
    assertThat(node.get("classes")).hasSize(6);
    assertThat(Files.exists(directory.resolve("m.pb"))).isFalse();
    assertThat(dryRun().out())
        .contains("to train")
        .contains("60 are in")
        .contains("0 would be computed");
  }

  @Test
  void aDryRunTellsWhatWouldBeComputedAndKeepsNothing() throws IOException {
    Path empty = directory.resolve("empty");
    Cli run = dryRunOf("scattering", empty, "--json");
    JsonNode node = new ObjectMapper().readTree(run.out());
    assertThat(node.get("missing").asInt()).isEqualTo(60);
    assertThat(node.get("expected_seconds").asDouble()).isPositive();
    assertThat(Files.exists(empty)).isFalse();
  }

  @Test
  void aDryRunFetchesNoNetwork() throws IOException {
    Cli run =
        dryRunOf(
            "mobilenet_v1_0.25_128",
            shared.resolve("cache"),
            "--model-dir",
            directory.resolve("none"),
            "--json");
    JsonNode node = new ObjectMapper().readTree(run.out());
    assertThat(node.get("at_hand").asBoolean()).isFalse();
    assertThat(node.has("cached")).isFalse();
    assertThat(Files.exists(directory.resolve("none"))).isFalse();
  }
}
