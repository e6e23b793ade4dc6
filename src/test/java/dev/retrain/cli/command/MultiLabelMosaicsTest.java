package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.testing.Mosaics;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A multi-label model of 1,000 mosaics of CIFAR-10 images, compared with scikit-learn and with
 * Python's TensorFlow.
 */
class MultiLabelMosaicsTest {
  private static final int COUNT = 1000;
  private static final int CLASSES = 10;

  @TempDir private static Path directory;
  private static JsonNode trained;
  private static JsonNode evaluated;

  @BeforeAll
  static void train() throws IOException {
    Mosaics.cifar10(directory.resolve("images"), directory.resolve("cifar"), COUNT);
    trained =
        run(
            "train",
            "-i",
            directory.resolve("images"),
            "--multi-label",
            "--bottleneck-dir",
            directory.resolve("cache"),
            "-b",
            "mobilenet_v1_0.25_224",
            "--model-dir",
            SharedData.mobileNetDirectory(directory.resolve("models")),
            "--epochs",
            40,
            "-o",
            model(),
            "--output-labels",
            directory.resolve("labels.txt"),
            "--summaries-dir",
            directory.resolve("logs"),
            "--no-plots");
    evaluated = evaluate("--partition", "all", "--predictions", directory.resolve("all.csv"));
  }

  private static Path model() {
    return directory.resolve("model.pb");
  }

  private static JsonNode evaluate(Object... more) throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of("evaluate", model(), "--bottleneck-dir", directory.resolve("cache")));
    Collections.addAll(arguments, more);
    return run(arguments.toArray());
  }

  private static JsonNode run(Object... arguments) throws IOException {
    List<Object> all = new ArrayList<>(List.of(arguments));
    Collections.addAll(all, "--json", "-q");
    Cli cli = Cli.run(all.toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  private static JsonNode scikitLearn() throws IOException {
    return PythonClient.require()
        .run(
            "multi_label.py",
            directory.resolve("all.csv"),
            directory.resolve("cache/bottlenecks.sqlite"),
            "AvgPool_1a/AvgPool:0 size");
  }

  @Test
  void metricsAreThoseOfScikitLearnAndAboveTheBaselines() throws IOException {
    JsonNode expected = scikitLearn();
    JsonNode test = evaluate();

    double precision = test.get("mean_average_precision").asDouble();
    assertThat(test.get("count").asInt()).isEqualTo(expected.get("count").asInt());
    assertThat(precision).isCloseTo(expected.get("map").asDouble(), within(1e-6));
    assertThat(trained.get("test_mean_average_precision").asDouble())
        .isCloseTo(precision, within(1e-4));
    for (int label = 0; label < CLASSES; label++) {
      JsonNode one = test.get("classes").get(label);
      assertThat(one.get("average_precision").asDouble())
          .isCloseTo(expected.get("per_class").get(label).asDouble(), within(1e-6));
      double share = expected.get("share").get(label).asDouble();
      assertThat(one.get("average_precision").asDouble()).isGreaterThan(share);
    }
    assertThat(test.get("micro").get("f1").asDouble())
        .isCloseTo(expected.get("micro_f1").asDouble(), within(1e-9));
    assertThat(test.get("macro").get("f1").asDouble())
        .isCloseTo(expected.get("macro_f1").asDouble(), within(1e-9));
    assertThat(test.get("exact_match").asDouble())
        .isCloseTo(expected.get("exact_match").asDouble(), within(1e-9));
    assertThat(test.get("loss").asDouble())
        .isCloseTo(expected.get("loss").asDouble(), within(1e-6));
    assertThat(precision).isGreaterThan(expected.get("logistic").asDouble() - 0.02);
    System.out.printf(
        "mosaics: mAP %.4f, logistic regression %.4f, micro F1 %.4f, macro F1 %.4f, %d images%n",
        precision,
        expected.get("logistic").asDouble(),
        test.get("micro").get("f1").asDouble(),
        test.get("macro").get("f1").asDouble(),
        test.get("count").asInt());
    System.out.printf("share of the images with each class: %s%n", expected.get("share"));
  }

  /** All images, classified from their files. */
  @Test
  void predictedScoresHaveTheSameAveragePrecision() throws IOException {
    PythonClient python = PythonClient.require();
    List<Path> images;
    try (var files = Files.walk(directory.resolve("images"))) {
      Map<String, Path> byName = new HashMap<>();
      files
          .filter(Files::isRegularFile)
          .sorted()
          .forEach(file -> byName.putIfAbsent(file.getFileName().toString(), file));
      images = byName.values().stream().sorted().toList();
    }
    assertThat(images).hasSize(COUNT);
    List<Object> arguments =
        new ArrayList<>(List.of("predict", model(), "--top", CLASSES, "--json"));
    arguments.addAll(images);
    Cli cli = Cli.run(arguments.toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    List<String> labels = Files.readAllLines(directory.resolve("labels.txt"));
    float[][] scores = new float[COUNT][CLASSES];
    int[][] targets = new int[COUNT][CLASSES];
    List<String> lines = cli.out().lines().toList();
    for (int i = 0; i < COUNT; i++) {
      JsonNode line = new ObjectMapper().readTree(lines.get(i));
      for (JsonNode one : line.get("predictions")) {
        scores[i][labels.indexOf(one.get("label").asText())] =
            (float) one.get("probability").asDouble();
      }
      for (int label = 0; label < CLASSES; label++) {
        Path copy =
            directory
                .resolve("images")
                .resolve(labels.get(label))
                .resolve(images.get(i).getFileName());
        targets[i][label] = Files.exists(copy) ? 1 : 0;
      }
    }
    Path file = directory.resolve("scores.json");
    new ObjectMapper().writeValue(file.toFile(), Map.of("scores", scores, "targets", targets));

    double expected = python.run("average_precision.py", file).get("macro").asDouble();

    // The vectors of the evaluation are from the cache, with rounding errors of other batches.
    assertThat(evaluated.get("mean_average_precision").asDouble())
        .isCloseTo(expected, within(1e-5));
  }

  @Test
  void savedModelGivesTheSameScores() throws IOException {
    PythonClient python = PythonClient.require();
    Path saved = directory.resolve("saved");
    run("export", model(), "--to", saved);
    List<Object> images = new ArrayList<>();
    try (var files = Files.list(directory.resolve("images/cat"))) {
      files.sorted().limit(20).forEach(images::add);
    }
    List<Object> arguments =
        new ArrayList<>(List.of("predict", model(), "--top", CLASSES, "--json"));
    arguments.addAll(images);
    List<String> lines = Cli.run(arguments.toArray()).out().lines().toList();
    images.add(0, saved);

    JsonNode outputs = python.run("multi_label_saved_model.py", images.toArray());

    assertThat(outputs.get("names"))
        .extracting(JsonNode::asText)
        .containsExactly("labels", "predicted", "probabilities");
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = new ObjectMapper().readTree(lines.get(i));
      List<String> predicted = new ArrayList<>();
      for (int label = 0; label < CLASSES; label++) {
        String name = outputs.get("labels").get(i).get(label).asText();
        double probability = outputs.get("probabilities").get(i).get(label).asDouble();
        if (outputs.get("predicted").get(i).get(label).asBoolean()) {
          predicted.add(name);
        }
        assertThat(line.get("predictions"))
            .filteredOn(one -> one.get("label").asText().equals(name))
            .singleElement()
            .satisfies(
                one ->
                    assertThat(one.get("probability").asDouble())
                        .isCloseTo(probability, within(1e-4)));
      }
      assertThat(line.get("labels"))
          .extracting(JsonNode::asText)
          .containsExactlyInAnyOrderElementsOf(predicted);
    }
  }
}
