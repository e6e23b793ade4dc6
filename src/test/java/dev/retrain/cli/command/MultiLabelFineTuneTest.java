package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.Mosaics;
import dev.retrain.testing.SmallNetwork;
import dev.retrain.util.Json;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --fine-tune} with {@code --multi-label}, on mosaics of patterns. */
class MultiLabelFineTuneTest {
  private static final int COUNT = 200;
  private static final List<String> CLASSES = SampleImages.labels();

  @TempDir private static Path directory;
  private static Path images;
  private static Path network;
  private static Path first;
  private static JsonNode trained;

  @BeforeAll
  static void train() throws IOException {
    Path patterns = directory.resolve("patterns");
    SampleImages.write(patterns, 40, 1, Progress.NONE);
    images = directory.resolve("images");
    Mosaics.write(
        images,
        CLASSES,
        COUNT,
        (label, number) -> {
          String name = "%s_%03d.jpg".formatted(label, number % 40);
          return ImageIO.read(patterns.resolve(label).resolve(name).toFile())
              .getSubimage(32, 32, 32, 32);
        });
    network = SmallNetwork.write(directory.resolve("small.pb"));
    first = directory.resolve("first");
    trained =
        fineTune(
            first,
            "-i",
            images,
            "--fine-tune-epochs",
            40,
            "--fine-tune-lr",
            0.005,
            "--distort",
            "flip");
  }

  private static JsonNode train(Path output, Object... more) throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--multi-label",
                "--graph",
                network,
                "--bottleneck-dir",
                directory.resolve("cache"),
                "--iterations",
                100,
                "--output-graph",
                output.resolve("graph.pb"),
                "--output-labels",
                output.resolve("labels.txt"),
                "--summaries-dir",
                output.resolve("logs"),
                "--no-plots",
                "--json",
                "-q"));
    Collections.addAll(arguments, more);
    return run(arguments.toArray());
  }

  private static JsonNode fineTune(Path output, Object... more) throws IOException {
    List<Object> arguments = new ArrayList<>(List.of("--fine-tune", "--fine-tune-batch-size", 16));
    Collections.addAll(arguments, more);
    return train(output, arguments.toArray());
  }

  private static JsonNode run(Object... arguments) throws IOException {
    Cli cli = Cli.run(arguments);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  private static JsonNode metadata(Path output) throws IOException {
    return Json.mapper().readTree(output.resolve("graph.json").toFile());
  }

  @Test
  void networkIsBetterThanItsHead() throws IOException {
    JsonNode tuning = metadata(first).at("/training/fine_tuning");
    assertThat(tuning.path("used").asBoolean()).isTrue();
    assertThat(tuning.path("validation_accuracy").asDouble())
        .isGreaterThan(tuning.path("head_validation_accuracy").asDouble() + 0.03);
    assertThat(trained.path("fine_tuning")).isEqualTo(tuning);
    assertThat(trained.path("validation_mean_average_precision").asDouble())
        .isEqualTo(tuning.path("validation_accuracy").asDouble());
  }

  /** The thresholds are those that the tuned network's validation images need. */
  @Test
  void evaluationOfTheModelGivesItsMetrics() throws IOException {
    JsonNode evaluated =
        run(
            "evaluate",
            first.resolve("graph.pb"),
            "--bottleneck-dir",
            directory.resolve("other-cache"),
            "--json",
            "-q");
    JsonNode metrics = metadata(first).path("metrics");
    assertThat(evaluated.path("mean_average_precision").asDouble())
        .isCloseTo(metrics.path("test_accuracy").asDouble(), within(1e-9));
    assertThat(evaluated.at("/micro/f1").asDouble())
        .isCloseTo(metrics.path("test_micro_f1").asDouble(), within(1e-9));
    JsonNode thresholds = metadata(first).at("/output/thresholds");
    assertThat(thresholds).hasSize(CLASSES.size());
    assertThat(thresholds).anySatisfy(one -> assertThat(one.asDouble()).isNotEqualTo(0.5));
  }

  @Test
  void predictionsAreTheLabelsThatReachTheirThresholds() throws IOException {
    JsonNode thresholds = metadata(first).at("/output/thresholds");
    Path image = images.resolve(CLASSES.get(0)).resolve(name(CLASSES.get(0)));
    JsonNode predicted =
        run("predict", first.resolve("graph.pb"), image, "--top", CLASSES.size(), "--json");
    for (JsonNode one : predicted.path("predictions")) {
      String label = one.path("label").asText();
      boolean reached =
          one.path("probability").asDouble() >= thresholds.get(CLASSES.indexOf(label)).asDouble();
      assertThat(Json.mapper().convertValue(predicted.path("labels"), List.class).contains(label))
          .as(label)
          .isEqualTo(reached);
    }
  }

  private static String name(String label) throws IOException {
    try (Stream<Path> files = Files.list(images.resolve(label))) {
      return files.map(file -> file.getFileName().toString()).min(String::compareTo).orElseThrow();
    }
  }

  @Test
  void headIsKeptIfTheNetworkIsNoBetter() throws IOException {
    Path kept = directory.resolve("kept");
    fineTune(kept, "-i", images, "--fine-tune-lr", 1e-12, "--fine-tune-epochs", 1);
    assertThat(metadata(kept).at("/training/fine_tuning/used").asBoolean()).isFalse();
    Path head = directory.resolve("head");
    train(head, "-i", images);
    assertThat(kept.resolve("graph.pb")).hasSameBinaryContentAs(head.resolve("graph.pb"));
    assertThat(metadata(kept).path("output")).isEqualTo(metadata(head).path("output"));
  }

  /** A manifest names an image once for all of its classes. */
  @Test
  void weightsOfAManifestChangeTheNetwork() throws IOException {
    Map<String, SortedSet<String>> labels = new TreeMap<>();
    for (String label : CLASSES) {
      try (Stream<Path> files = Files.list(images.resolve(label))) {
        for (Path file : files.toList()) {
          labels.computeIfAbsent(file.getFileName().toString(), key -> new TreeSet<>()).add(label);
        }
      }
    }
    JsonNode equal = manifest("equal", labels, 1);
    JsonNode unequal = manifest("unequal", labels, 5);
    assertThat(equal.at("/data/images")).isEqualTo(trained.path("images"));
    assertThat(equal.at("/training/fine_tuning/validation_accuracy").asDouble())
        .isNotEqualTo(unequal.at("/training/fine_tuning/validation_accuracy").asDouble());
  }

  private static JsonNode manifest(
      String name, Map<String, SortedSet<String>> labels, int weightOfFirstClass)
      throws IOException {
    String lines =
        labels.entrySet().stream()
            .map(
                entry ->
                    "%s,%s,%s%n"
                        .formatted(
                            images.resolve(entry.getValue().first()).resolve(entry.getKey()),
                            String.join(";", entry.getValue()),
                            entry.getValue().contains(CLASSES.get(0)) ? weightOfFirstClass : 1))
            .collect(Collectors.joining());
    Path manifest = directory.resolve(name + ".csv");
    Files.writeString(manifest, "path,label,weight\n" + lines);
    Path output = directory.resolve(name);
    fineTune(
        output,
        "--manifest",
        manifest,
        "--fine-tune-epochs",
        3,
        "--fine-tune-lr",
        0.005,
        "--distort",
        "none");
    return metadata(output);
  }
}
