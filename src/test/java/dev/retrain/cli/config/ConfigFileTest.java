package dev.retrain.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.TextClusters;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --config}. */
class ConfigFileTest {
  @TempDir private static Path shared;
  @TempDir private Path directory;

  @BeforeAll
  static void drawImages() throws IOException {
    SampleImages.write(shared.resolve("images"), 4, 1, Progress.NONE);
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(directory.resolve("retrain.yaml"), yaml);
  }

  /** The options in force of a training that is not done. */
  private JsonNode options(String yaml, Object... arguments) throws IOException {
    Object[] all =
        Stream.of(
                new Object[] {"train", "--dry-run", "--json", "-q"},
                new Object[] {"-i", shared.resolve("images")},
                new Object[] {"-o", directory.resolve("graph.pb"), "--config", write(yaml)},
                new Object[] {"--output-labels", directory.resolve("labels.txt")},
                new Object[] {"--model-dir", directory.resolve("none")},
                arguments)
            .flatMap(Stream::of)
            .toArray();
    Cli cli = Cli.run(all);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json().get("options");
  }

  @Test
  void commandLineOverridesFileAndFileOverridesDefault() throws IOException {
    JsonNode options =
        options("train:\n  lr: 0.25\n  iterations: 7\n  seed: -3\n", "--iterations", 9);
    assertThat(options.get("lr").asText()).isEqualTo("0.25");
    assertThat(options.get("iterations").asText()).isEqualTo("9");
    assertThat(options.get("seed").asText()).isEqualTo("-3");
    assertThat(options.get("decay_steps").asText()).isEqualTo("65");
    assertThat(options.get("config").asText()).endsWith("retrain.yaml");
  }

  @Test
  void conflictingOptionsOverrideThoseOfTheOuterSection() throws IOException {
    JsonNode options = options("epochs: 3\n", "--iterations", 9);
    assertThat(options.get("iterations").asText()).isEqualTo("9");
    assertThat(options.has("epochs")).isFalse();
    options = options("iterations: 3\ntrain:\n  epochs: 5\n");
    assertThat(options.get("epochs").asText()).isEqualTo("5");
    assertThat(options.has("iterations")).isFalse();

    Cli both = Cli.run("train", "--config", write("iterations: 3\nepochs: 5\n"));
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).contains("--iterations", "--epochs");
  }

  @Test
  void backboneOnCommandLineOverridesGraphOfFile() throws IOException {
    String yaml = "graph: own.pb\nsize: [3, 4]\nmean: 0\nbottleneck: a:0\n";
    JsonNode options = options(yaml, "--backbone", "scattering");
    assertThat(options.get("backbone").asText()).isEqualTo("scattering");
    for (String none : List.of("graph", "size", "mean", "bottleneck")) {
      assertThat(options.get(none)).as(none).isIn(null, JsonNodeFactory.instance.textNode(""));
    }

    Path config = write("backbone: scattering\n");
    Cli cli =
        Cli.run(
            "bottleneck",
            "-i",
            shared.resolve("images"),
            "--config",
            config,
            "--graph",
            directory.resolve("none.pb"));
    assertThat(cli.err()).contains("none.pb");
  }

  @Test
  void imageOptionsConflictWithVectorsOfTheFile() throws IOException {
    Path config = write("vectors: v\n");
    Cli cli = Cli.run("train", "--config", config, "--augment", 2);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--augment", "--vectors");
  }

  @Test
  void augmentZeroOnCommandLineOverridesDistortionsOfFile() throws IOException {
    JsonNode options =
        options("augment: 4\nrandom-rotation: 10\n", "-b", "scattering", "--augment", 0);
    assertThat(options.get("augment").asText()).isEqualTo("0");
  }

  @Test
  void vectorsOnCommandLineOverrideImagesOfFile() throws IOException {
    TextClusters.write(directory.resolve("text"), 20);
    Path config = write("image-dir: images\nbackbone: scattering\nlr: 0.5\n");
    Cli cli =
        Cli.run(
            "train",
            "--dry-run",
            "--json",
            "-q",
            "--config",
            config,
            "--vectors",
            directory.resolve("text"));
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.json().get("options").get("lr").asText()).isEqualTo("0.5");
  }

  @Test
  void tooDeeplyNestedFileIsReported() throws IOException {
    Path config = write("lr: " + "[".repeat(20_000));
    Cli cli = Cli.run("train", "--config", config);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains(config.toString()).doesNotContain("\tat ");
  }

  @Test
  void retrainPySpellingOverridesFile() throws IOException {
    assertThat(options("lr: 0.25", "--learning_rate=0.5").get("lr").asText()).isEqualTo("0.5");
  }

  @Test
  void valuesKeepTheirSpelling() throws IOException {
    JsonNode options =
        options(
            """
            backbone: mobilenet_v1_0.50_160   # also of bottleneck
            no-plots: true
            no-standardize: false
            bottleneck: [a:0, "b:0"]
            train:
              learning_rate: 1e-3
              how_many_training_steps: 010
            """);
    assertThat(options.get("backbone").asText()).isEqualTo("mobilenet_v1_0.50_160");
    assertThat(options.get("no_plots").asText()).isEqualTo("true");
    assertThat(options.get("no_standardize").asText()).isEqualTo("false");
    assertThat(options.get("bottleneck").asText()).isEqualTo("a:0,b:0");
    assertThat(options.get("lr").asText()).isEqualTo("0.001");
    assertThat(options.get("iterations").asText()).isEqualTo("10");
  }

  @Test
  void innerSectionOverridesOuterSection() throws IOException {
    JsonNode options =
        options(
            """
            train: {features: multi}
            features: last
            bottleneck: {features: last, info: {json: true}}
            models: {fetch: {url: "https://host/file"}}
            quickstart:
            """);
    assertThat(options.get("features").asText()).isEqualTo("multi");
  }

  @Test
  void sectionAppliesToSubcommands() throws IOException {
    Path config = write("bottleneck:\n  bottleneck-dir: " + directory + "/there\n");
    Cli cli = Cli.run("bottleneck", "info", "--config", config);
    assertThat(cli.err()).contains(directory + "/there", config.toString());
  }

  @Test
  void optionsAreInsertedBeforeTheEndOfOptions() throws IOException {
    Path config = write("predict:\n  top: none\n");
    Cli cli = Cli.run("predict", "--config", config, "--", "model.pb", "a.jpg");
    assertThat(cli.err()).contains("'none'", config + ", line 2");
  }

  @Test
  void configFileCanBeNamedInArgumentFile() throws IOException {
    Path config = write("top: none\n");
    Path arguments = directory.resolve("arguments");
    Files.writeString(arguments, "--config=%s%nmodel.pb a.jpg%n".formatted(config));
    assertThat(Cli.run("predict", "@" + arguments).err()).contains("'none'");
  }

  @Test
  void emptyFileSetsNothing() throws IOException {
    assertThat(options("# nothing yet\n").get("lr").asText()).isEqualTo("0.01");
    assertThat(options("").get("lr").asText()).isEqualTo("0.01");
  }

  @Test
  void helpIgnoresTheFile() throws IOException {
    Cli cli = Cli.run("train", "--config", write("nonsense: 1\n"), "--help");
    assertThat(cli.code()).isZero();
    assertThat(cli.out()).contains("--config=FILE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "lrr: 1|1|'lrr'",
        "train: 5|1|'train'",
        "help: true|1|'help'",
        "train:\\n  lrr: 1|2|'lrr'",
        "predict:\\n  iterations: 1|2|'iterations'",
        "train:\\n  iteration: 1|2|'iterations'?",
        "trian:\\n  lr: 1|1|'trian'",
        "lr: fast|1|'fast'",
        "seed: 1\\nforce: maybe|2|'maybe'",
        "features: most|1|'--features'",
        "lr: [0.1, 0.2]|1|'lr'",
        "lr:|1|'lr'",
        "size: []|1|'size'",
        "size: [[1]]|1|'size'",
        "lr: 1\\nlr: 2|2|'lr'",
        "lr: 1\\nlearning_rate: 2|2|'learning_rate' means --lr",
        "config: other.yaml|1|'config'",
        "- lr|1|option",
        "[a]: 1|1|key",
        "test-files: *x|1|alias",
        "lr: 1\\n  seed: 2|2|mapping",
      })
  void errorNamesTheLine(String yaml, int line, String named) throws IOException {
    Path config = write(yaml.replace("\\n", "\n"));
    Cli cli = Cli.run("train", "-i", directory, "--config", config);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err())
        .startsWith("retrain: " + config + ", line " + line + ": ")
        .contains(named);
    assertThat(cli.err().lines().count()).isEqualTo(2);
  }

  @Test
  void valueOutOfRangeNamesTheFile() throws IOException {
    Path config = write("iterations: 0\n");
    Cli cli = Cli.run("train", "-i", directory, "--config", config);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("iterations", config.toString());
  }

  @Test
  void architectureRequiresVectors() throws IOException {
    for (String more : List.of("", "image-dir: images\n", "bottleneck-dir: cache\n")) {
      Path config = write("architecture: mobilenet_0.25_224\n" + more);
      Cli cli = Cli.run("train", "--config", config);
      assertThat(cli.code()).as(more).isEqualTo(2);
      assertThat(cli.err()).as(more).contains("--vectors", "--backbone", config.toString());
    }
  }

  @Test
  void unreadableFileIsNamed() throws IOException {
    Cli missing = Cli.run("train", "--config", directory.resolve("none.yaml"));
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains(directory.resolve("none.yaml").toString());
    Path latin = directory.resolve("latin.yaml");
    Files.write(latin, "image-dir: Bäume".getBytes(StandardCharsets.ISO_8859_1));
    Cli cli = Cli.run("train", "--config", latin);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains(latin.toString(), "UTF-8");
  }

  @Test
  void modelRecordsEffectiveOptions() throws IOException {
    Path config =
        write(
            """
            backbone: scattering
            bottleneck-dir: %1$s/cache
            train:
              image-dir: %2$s
              iterations: 20
              output-graph: %1$s/model.pb
              output-labels: %1$s/labels.txt
              summaries-dir: %1$s/logs
              no-plots: true
              quiet: true
            """
                .formatted(directory, shared.resolve("images")));
    List<Object> arguments = new ArrayList<>(List.of("train", "--config", config, "--seed", 5));
    Cli cli = Cli.run(arguments.toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    JsonNode options =
        new ObjectMapper().readTree(directory.resolve("model.json").toFile()).get("options");
    assertThat(options.get("iterations").asText()).isEqualTo("20");
    assertThat(options.get("backbone").asText()).isEqualTo("scattering");
    assertThat(options.get("seed").asText()).isEqualTo("5");
    assertThat(options.get("config").asText()).isEqualTo(config.toString());
  }
}
