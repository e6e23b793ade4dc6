package dev.retrain.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.cli.Cli;
import dev.retrain.testing.TextClusters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Second names of options: accepted everywhere, and recorded under the first name. */
class AliasesTest {
  private static final String TRAINING_ALIASES =
      """
      --learning-rate, lr, 0.25, 0.5
      --batch-size, train_batch_size, 10, 20
      --early-stopping-patience, early_stop, 3, 4
      --ema-decay, average_decay, 0.5, 0.75
      """;

  @TempDir private Path directory;
  private Path text;

  @BeforeEach
  void writeVectors() throws IOException {
    text = directory.resolve("text");
    TextClusters.write(text, 20);
  }

  private JsonNode dryRun(Object... options) throws IOException {
    List<Object> arguments =
        new ArrayList<>(List.of("train", "--vectors", text, "--dry-run", "--json", "-q"));
    arguments.addAll(List.of(options));
    Cli cli = Cli.run(arguments.toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json().get("options");
  }

  @ParameterizedTest
  @CsvSource(textBlock = TRAINING_ALIASES)
  void commandLineAcceptsAlias(String alias, String key, String value) throws IOException {
    JsonNode options = dryRun(alias, value);
    assertThat(options.get(key).asText()).isEqualTo(value);
    assertThat(options.has(alias.substring(2).replace('-', '_'))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(textBlock = TRAINING_ALIASES)
  void configFileAcceptsAliasAndCommandLineOverridesIt(
      String alias, String key, String value, String other) throws IOException {
    Path config = directory.resolve("retrain.yaml");
    Files.writeString(config, "%s: %s%n".formatted(alias.substring(2), value));
    assertThat(dryRun("--config", config).get(key).asText()).isEqualTo(value);
    String primary = "--" + key.replace('_', '-');
    assertThat(dryRun("--config", config, primary, other).get(key).asText()).isEqualTo(other);
    Files.writeString(config, "%s: %s%n".formatted(key, value));
    assertThat(dryRun("--config", config, alias, other).get(key).asText()).isEqualTo(other);
  }

  @ParameterizedTest
  @CsvSource(textBlock = TRAINING_ALIASES)
  void sweepNamesRunsByThePrimaryName(String alias, String key, String one, String two)
      throws IOException {
    Cli cli =
        Cli.run(
            "sweep",
            "--vectors",
            text,
            "--iterations",
            20,
            alias,
            one + "," + two,
            "--output-graph",
            directory.resolve("graph.pb"),
            "--output-labels",
            directory.resolve("labels.txt"),
            "--summaries-dir",
            directory.resolve("logs"),
            "--no-plots",
            "--json",
            "-q");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.json().get("runs"))
        .extracting(run -> run.get("name").asText())
        .containsExactlyInAnyOrder(
            "%s=%s,seed=1".formatted(key, one), "%s=%s,seed=1".formatted(key, two));
  }

  @Test
  void flipTtaIsRecordedAsMirror() throws IOException {
    Path images = directory.resolve("images");
    Files.createDirectories(images.resolve("a"));
    Files.createDirectories(images.resolve("b"));
    Cli cli = Cli.run("bottleneck", "-i", images, "-b", "scattering", "--flip-tta", "--dry-run");
    assertThat(cli.code()).isEqualTo(1);
    Path config = directory.resolve("retrain.yaml");
    Files.writeString(config, "flip-tta: true\nbackbone: resnet\n");
    assertThat(Cli.run("bottleneck", "-i", images, "--config", config).err())
        .contains("'resnet'")
        .doesNotContain("flip");
  }

  @Test
  void aliasAndPrimaryNameAreTheSameKey() throws IOException {
    Path config = directory.resolve("retrain.yaml");
    Files.writeString(config, "lr: 1\nlearning-rate: 2\n");
    Cli cli = Cli.run("train", "--vectors", text, "--config", config);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("line 2", "--lr");
  }
}
