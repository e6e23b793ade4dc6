package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.testing.Mosaics;
import dev.retrain.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --multi-label} on mosaics of three colours, through all commands. */
class MultiLabelCommandTest {
  private static final int COUNT = 150;
  private static final Map<String, Integer> COLOURS =
      Map.of("blue", 0x2030E0, "green", 0x20D040, "red", 0xE02020);

  @TempDir private static Path shared;
  @TempDir private Path directory;

  private static JsonNode trained;

  @BeforeAll
  static void train() throws IOException {
    Random random = new Random(1);
    Mosaics.write(
        shared.resolve("images"),
        COLOURS.keySet().stream().sorted().toList(),
        COUNT,
        (label, number) -> {
          int noise = random.nextInt();
          return TestImages.paint(
              32, 32, (x, y) -> COLOURS.get(label) ^ (noise >> (x * y) % 25 & 0x1F1F1F));
        });
    Cli cli = Cli.run(arguments(shared, "train", "--epochs", 20, "--embedding"));
    assertThat(cli.code()).as(cli.err()).isZero();
    trained = cli.json();
  }

  private static Object[] arguments(Path to, String command, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of(command));
    Collections.addAll(
        arguments,
        "-i",
        shared.resolve("images"),
        "--multi-label",
        "--bottleneck-dir",
        shared.resolve("cache"),
        "-b",
        "scattering",
        "-o",
        to.resolve("model.pb"),
        "--output-labels",
        to.resolve("labels.txt"),
        "--summaries-dir",
        to.resolve("logs"),
        "--plots-dir",
        to.resolve("plots"),
        "--json",
        "-q");
    Collections.addAll(arguments, more);
    return arguments.toArray();
  }

  private static Cli ok(Object... arguments) {
    Cli cli = Cli.run(arguments);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli;
  }

  private static JsonNode metadata(Path to) throws IOException {
    return new ObjectMapper().readTree(to.resolve("model.json").toFile());
  }

  private static Path image(String label, int index) throws IOException {
    try (var files = Files.list(shared.resolve("images").resolve(label))) {
      return files.sorted().toList().get(index);
    }
  }

  /** The colours of the image of that name. */
  private static List<String> labels(Path image) {
    return COLOURS.keySet().stream()
        .sorted()
        .filter(
            label ->
                Files.exists(shared.resolve("images").resolve(label).resolve(image.getFileName())))
        .toList();
  }

  /** Of an image with a known and an unknown label, the unknown one is ignored. */
  @Test
  void unknownLabelsAreIgnoredOrExcluded() throws IOException {
    List<String> labels = COLOURS.keySet().stream().sorted().toList();
    Path manifest =
        Files.writeString(
            directory.resolve("list.csv"),
            "path,label\n%s,%s;new\n%s,%s\n%s,new\n"
                .formatted(
                    image(labels.get(0), 0),
                    labels.get(0),
                    image(labels.get(1), 1),
                    labels.get(1),
                    image(labels.get(2), 2)));
    JsonNode result =
        ok(
                "evaluate",
                shared.resolve("model.pb"),
                "--manifest",
                manifest,
                "--bottleneck-dir",
                shared.resolve("cache"),
                "--partition",
                "all",
                "--json")
            .json();
    assertThat(result.get("count").asInt()).isEqualTo(2);
    assertThat(result.get("unknown_classes")).hasToString("{\"new\":1}");
    assertThat(result.get("ignored_labels")).hasToString("{\"new\":1}");
    assertThat(result.get("notices").toString())
        .contains("Excluded 'new' (1 file)", "Ignored the label 'new' of 1 image");
  }

  @Test
  void metadataDescribesTheOutput() throws IOException {
    JsonNode metadata = metadata(shared);
    assertThat(metadata.get("format").asInt()).isEqualTo(3);
    assertThat(metadata.get("output").get("multi_label").asBoolean()).isTrue();
    assertThat(metadata.get("output").get("thresholds"))
        .hasSize(3)
        .allSatisfy(threshold -> assertThat(threshold.asDouble()).isBetween(0.0, 1.0));
    assertThat(metadata.get("data").get("images").asInt()).isEqualTo(COUNT);
    assertThat(metadata.get("metrics").get("measure").asText()).isEqualTo("mean_average_precision");
    assertThat(metadata.get("options").get("multi_label").asText()).isEqualTo("true");
    assertThat(trained.get("test_mean_average_precision").asDouble()).isGreaterThan(0.95);
    assertThat(trained.get("test_macro_f1").asDouble()).isGreaterThan(0.9);
    assertThat(trained.has("test_accuracy")).isFalse();
  }

  @Test
  void projectorJoinsLabels() throws IOException {
    List<String> lines;
    try (var files = Files.walk(shared.resolve("logs"))) {
      lines =
          Files.readAllLines(
              files
                  .filter(f -> f.getFileName().toString().endsWith(".tsv"))
                  .filter(f -> f.toString().contains("metadata"))
                  .findFirst()
                  .orElseThrow());
    }
    assertThat(lines).hasSize(COUNT + 1);
    assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("blue;green;red\t"));
  }

  @Test
  void predictListsTheLabelsAboveTheirThresholds() throws IOException {
    Path image = image("red", 0);
    String expected = String.join(";", labels(image));
    Object[] command = {"predict", shared.resolve("model.pb"), image, "-q"};

    Cli text = ok(command);
    assertThat(text.out().lines().skip(1).map(line -> line.replaceAll(".*  ", "")))
        .containsExactlyInAnyOrder(expected.split(";", -1));

    JsonNode json = ok("predict", shared.resolve("model.pb"), image, "--json", "-q").json();
    assertThat(json.get("labels"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder(expected.split(";", -1));
    assertThat(json.get("predictions")).hasSize(3);

    List<String> csv =
        ok("predict", shared.resolve("model.pb"), image, "--format", "csv", "--top", 1, "-q")
            .out()
            .lines()
            .toList();
    assertThat(csv.get(0)).isEqualTo("path,labels,label_1,probability_1,error");
    assertThat(csv.get(1).split(",", -1)[1].split(";", -1))
        .containsExactlyInAnyOrder(expected.split(";", -1));
  }

  @Test
  void imageWithoutLabelIsShownWithTheMostProbable() throws IOException {
    Path black = directory.resolve("black.png");
    Files.write(black, TestImages.file(TestImages.paint(64, 64, (x, y) -> 0x808080), "png"));
    Cli json = ok("predict", shared.resolve("model.pb"), black, "--json", "-q");
    Cli text = ok("predict", shared.resolve("model.pb"), black, "-q");
    if (json.json().get("labels").isEmpty()) {
      assertThat(text.out()).contains("no label reaches its threshold; the most probable is ");
    } else {
      assertThat(text.out()).doesNotContain("no label");
    }
  }

  @Test
  void evaluateUsesTheSplitOfTheTraining() throws IOException {
    Object[] command = {
      "evaluate", shared.resolve("model.pb"), "--bottleneck-dir", shared.resolve("cache"), "-q"
    };
    JsonNode json =
        ok(
                "evaluate",
                shared.resolve("model.pb"),
                "--bottleneck-dir",
                shared.resolve("cache"),
                "--json",
                "-q")
            .json();
    JsonNode data = metadata(shared).get("data");
    assertThat(json.get("count").asInt()).isEqualTo(data.get("test").asInt());
    assertThat(json.get("own_directory").asBoolean()).isTrue();
    assertThat(json.get("changed").asBoolean()).isFalse();
    assertThat(json.get("training_images").asInt()).isEqualTo(data.get("training").asInt());
    assertThat(json.get("mean_average_precision").asDouble())
        .isEqualTo(trained.get("test_mean_average_precision").asDouble());
    assertThat(ok(command).out())
        .contains("mean average precision on", "Class", "threshold", "macro average")
        .doesNotContain("onfusion");
  }

  /** Copies of training images in another directory are known; new ones are evaluated. */
  @Test
  void evaluateMergesFilesOfAnotherDirectory() throws IOException {
    Path other = directory.resolve("other");
    PathUtils.copyDirectory(shared.resolve("images"), other);
    byte[] red =
        TestImages.file(TestImages.paint(64, 64, (x, y) -> x < 32 ? 0xE02020 : 0x20D040), "png");
    Files.write(other.resolve("red/new.png"), red);
    Files.write(other.resolve("green/also new.png"), red);
    JsonNode json =
        ok(
                "evaluate",
                shared.resolve("model.pb"),
                "-i",
                other,
                "--bottleneck-dir",
                shared.resolve("cache"),
                "--json",
                "-q")
            .json();
    JsonNode data = metadata(shared).get("data");
    assertThat(json.get("own_directory").asBoolean()).isFalse();
    assertThat(json.get("training_images").asInt()).isEqualTo(data.get("training").asInt());
    assertThat(json.get("count").asInt()).isEqualTo(data.get("test").asInt() + 1);
  }

  @Test
  void reportShowsClassesAndMistakes() throws IOException {
    Path file = directory.resolve("report.html");
    JsonNode json =
        ok(
                "report",
                shared.resolve("model.pb"),
                "--bottleneck-dir",
                shared.resolve("cache"),
                "-o",
                file,
                "--json",
                "-q")
            .json();
    assertThat(json.get("mean_average_precision").asDouble()).isGreaterThan(0.95);
    assertThat(Files.readString(file))
        .contains("test mean average precision", "Metrics per class", "<th scope=\"col\">AP</th>")
        .contains("Images per class", "--multi-label")
        .doesNotContain("Confusion matrix", "<script");
  }

  @Test
  void dryRunCountsEachImageOnceAndInEachOfItsClasses() throws IOException {
    JsonNode plan = ok(arguments(directory, "train", "--dry-run")).json();
    assertThat(plan.get("files").asInt()).isEqualTo(COUNT);
    int sum = 0;
    for (JsonNode one : plan.get("classes")) {
      try (var files = Files.list(shared.resolve("images").resolve(one.get("label").asText()))) {
        assertThat(one.get("files").asLong()).isEqualTo(files.count());
      }
      sum += one.get("files").asInt();
    }
    assertThat(sum).isGreaterThan(COUNT);
    assertThat(plan.get("training").asInt())
        .isEqualTo(metadata(shared).get("data").get("training").asInt());
  }

  @Test
  void sweepChoosesByMeanAveragePrecision() throws IOException {
    JsonNode json = ok(arguments(directory, "sweep", "--epochs", 5, "--lr", "0.1,1e-9")).json();
    assertThat(json.get("winner").asText()).startsWith("lr=0.1");
    assertThat(json.get("settings").get(0).get("validation_mean_average_precision").has("mean"))
        .isTrue();
    assertThat(json.get("runs").get(0).has("validation_mean_average_precision")).isTrue();
    assertThat(json.get("model").get("test_mean_average_precision").asDouble()).isPositive();
    assertThat(metadata(directory).get("output").get("multi_label").asBoolean()).isTrue();
  }

  /** The same images, options and seed give the same model. */
  @Test
  void trainingIsReproducible() throws IOException {
    ok(arguments(directory, "train", "--epochs", 20));
    assertThat(directory.resolve("model.pb")).hasSameBinaryContentAs(shared.resolve("model.pb"));
    assertThat(metadata(directory).get("output")).isEqualTo(metadata(shared).get("output"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "--class-weights balanced --epochs 2 # --class-weights cannot be combined with --multi-label",
        "--print-misclassified               # --print-misclassified cannot be combined with --multi-label",
        "--max-per-class 5                   # --max-per-class cannot be combined with --multi-label",
      })
  void optionsForOneLabelAreRefused(String options, String message) {
    Cli cli = Cli.run(arguments(directory, "train", (Object[]) options.strip().split(" ", -1)));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains(message.strip());
  }

  @Test
  void vectorsOfFilesAreRefused() {
    Cli cli = Cli.run("train", "--vectors", directory, "--multi-label");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--multi-label cannot be combined with --vectors");
  }

  @Test
  void confusionMatrixIsRefused() {
    Cli cli =
        Cli.run(
            "evaluate",
            shared.resolve("model.pb"),
            "--confusion-csv",
            directory.resolve("matrix.csv"));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--confusion-csv", "there is no confusion matrix");
  }

  @Test
  void classNameWithTheSeparatorIsRefused() throws IOException {
    for (String label : List.of("a;b", "c")) {
      for (int i = 0; i < 3; i++) {
        Path file = directory.resolve("images").resolve(label).resolve(i + ".png");
        Files.createDirectories(file.getParent());
        Files.write(file, TestImages.file(TestImages.noise(8, 8, label.hashCode() + i), "png"));
      }
    }
    Cli cli =
        Cli.run(
            "train",
            "--multi-label",
            "-i",
            directory.resolve("images"),
            "-b",
            "scattering",
            "--bottleneck-dir",
            directory.resolve("cache"),
            "-o",
            directory.resolve("m.pb"),
            "--summaries-dir",
            directory.resolve("logs"),
            "-q");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("'a;b' contains ';'", "--multi-label", "rename the folder");
  }
}
