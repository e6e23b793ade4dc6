package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training on 5,000 real images with a real pretrained network. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CifarTrainingIT {
  private static final int PER_CLASS = 500;

  private Path directory;
  private Path images;
  private Path models;

  @BeforeAll
  void unpack(@TempDir Path temporary) throws IOException {
    directory = temporary;
    images = directory.resolve("images");
    models = SharedData.mobileNetDirectory(directory.resolve("models"));
    SharedData.cifar10(images, PER_CLASS);
  }

  private JsonNode train(String run, Object... more) throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--image-dir",
                images,
                "--bottleneck-dir",
                directory.resolve("bottleneck"),
                "--model-dir",
                models,
                "--backbone",
                "mobilenet_v1_0.25_224",
                "--lr",
                "0.01",
                "--decay-steps",
                "65",
                "--output-graph",
                graph(run),
                "--output-labels",
                directory.resolve(run).resolve("labels.txt"),
                "--summaries-dir",
                directory.resolve(run).resolve("logs"),
                "--plots-dir",
                directory.resolve(run).resolve("image"),
                "--quiet",
                "--json"));
    arguments.addAll(List.of(more));
    Cli cli = Cli.run(arguments.toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  private Path graph(String run) {
    return directory.resolve(run).resolve("output_graph.pb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"last", "multi"})
  void accuracyMatchesScikitLearn(String features) throws IOException {
    PythonClient python = PythonClient.require();
    // Several seeds, so that chance does not decide.
    double sum = 0;
    int seeds = 3;
    JsonNode result = null;
    for (int seed = 1; seed <= seeds; seed++) {
      result = train(features + seed, "--features", features, "--seed", seed);
      sum += result.get("test_accuracy").asDouble();
    }
    JsonNode peer =
        python.run(
            "fit_logistic.py",
            directory.resolve("bottleneck/bottlenecks.sqlite"),
            features.equals("last") ? "AvgPool_1a/AvgPool:0 size" : "pointwise",
            images);
    System.out.printf(
        "%s: test accuracy %.4f over %d seeds, scikit-learn %.4f, on %d images%n",
        features,
        sum / seeds,
        seeds,
        peer.get("test_accuracy").asDouble(),
        result.get("test_count").asInt());
    assertThat(result.get("test_count")).isEqualTo(peer.get("test_count"));
    assertThat(result.get("images").asInt()).isEqualTo(10 * PER_CLASS);
    assertThat(sum / seeds).isGreaterThan(peer.get("test_accuracy").asDouble() - 0.005);
  }

  @Test
  void sameSeedGivesSameModelFile() throws IOException {
    train("first", "--iterations", 200);
    train("second", "--iterations", 200);
    train("other", "--iterations", 200, "--seed", 2);
    assertThat(graph("second")).hasSameBinaryContentAs(graph("first"));
    assertThat(Files.mismatch(graph("first"), graph("other"))).isNotNegative();
  }

  @Test
  void pythonTensorFlowEqualsPredict() throws IOException {
    train("python", "--iterations", 200, "--testing-percentage", 20);
    assertPythonEqualsPredict("python", 224);
  }

  @Test
  void fineTunedNetworkIsBetterAndPythonTensorFlowEqualsIt() throws IOException {
    train("tuned", "--fine-tune", "--train-size", 64, "--fine-tune-epochs", 4);
    JsonNode tuning =
        new ObjectMapper()
            .readTree(directory.resolve("tuned/output_graph.json").toFile())
            .at("/training/fine_tuning");
    assertThat(tuning.get("used").asBoolean()).isTrue();
    assertThat(tuning.get("validation_accuracy").asDouble())
        .isGreaterThan(tuning.get("head_validation_accuracy").asDouble() + 0.02);
    assertPythonEqualsPredict("tuned", 64);
  }

  private void assertPythonEqualsPredict(String run, int size) throws IOException {
    PythonClient python = PythonClient.require();
    List<Path> frogs;
    try (Stream<Path> files = Files.list(images.resolve("frog"))) {
      frogs = files.sorted().limit(5).toList();
    }
    List<Object> command = new ArrayList<>(List.of("predict", graph(run)));
    command.addAll(frogs);
    command.addAll(List.of("--json", "--top", 10));
    Cli cli = Cli.run(command.toArray());
    assertThat(cli.code()).isZero();
    List<Object> arguments =
        new ArrayList<>(List.of(graph(run), "input", "final_result", size, size, 127.5, 127.5));
    arguments.addAll(frogs);
    JsonNode theirs = python.run("classify.py", arguments.toArray());
    List<String> labels = Files.readAllLines(directory.resolve(run).resolve("labels.txt"));
    assertThat(labels).isSorted().hasSize(10).contains("airplane", "truck");
    List<String> lines = cli.out().lines().toList();
    for (int i = 0; i < frogs.size(); i++) {
      JsonNode ours = new ObjectMapper().readTree(lines.get(i));
      assertThat(ours.get("path").asText()).isEqualTo(frogs.get(i).toString());
      assertThat(ours.get("predictions")).hasSize(10);
      for (JsonNode prediction : ours.get("predictions")) {
        int index = labels.indexOf(prediction.get("label").asText());
        assertThat(prediction.get("probability").asDouble())
            .isCloseTo(theirs.get(i).get(index).asDouble(), Offset.offset(1e-4));
      }
    }
  }

  @Test
  void testFilesAreExactlyTheTestSet() throws IOException {
    JsonNode result = train("glob", "--iterations", 50, "--test-files", "00[0-4]*.jpg");
    assertThat(result.get("test_count").asInt()).isEqualTo(10 * 50);
  }

  @Test
  void tensorBoardReadsTheRun() throws IOException {
    PythonClient python = PythonClient.require();
    int iterations = 120;
    train("board", "--iterations", iterations);
    JsonNode result = train("board", "--iterations", iterations, "--force");
    assertThat(directory.resolve("board/logs.earlier")).isDirectoryContaining("glob:**");
    JsonNode events = python.run("read_events.py", directory.resolve("board/logs"));

    String[] scalars = {
      "accuracy",
      "biases/max",
      "biases/mean",
      "biases/min",
      "biases/stddev",
      "cross_entropy",
      "learning_rate",
      "weights/max",
      "weights/mean",
      "weights/min",
      "weights/stddev"
    };
    String[] histograms = {
      "activations", "biases/histogram", "pre_activations", "weights/histogram"
    };
    for (String run : List.of("train", "validation")) {
      JsonNode read = events.get(run);
      assertThat(names(read.get("scalars"))).containsExactlyInAnyOrder(scalars);
      assertThat(names(read.get("histograms"))).containsExactlyInAnyOrder(histograms);
      assertThat(texts(events.get("server").get("scalars").get(run))).containsExactly(scalars);
      assertThat(texts(events.get("server").get("histograms").get(run)))
          .containsExactly(histograms);
      assertThat(read.get("histograms").get("activations")).hasSize(iterations / 10);
    }
    assertThat(events.get("train").get("scalars").get("accuracy")).hasSize(iterations);
    JsonNode rates = events.get("train").get("scalars").get("learning_rate");
    assertThat(rates.get(64).get(1).asDouble()).isCloseTo(0.01, Offset.offset(1e-8));
    assertThat(rates.get(65).get(1).asDouble()).isCloseTo(0.0095, Offset.offset(1e-8));

    JsonNode accuracy = events.get("validation").get("scalars").get("accuracy");
    assertThat(accuracy).hasSize(iterations / 10);
    assertThat(events.get("server").get("accuracy")).hasSize(iterations / 10);
    double best = 0;
    for (JsonNode point : accuracy) {
      best = Math.max(best, point.get(1).asDouble());
      if (point.get(0).asInt() == result.get("best_iteration").asInt()) {
        assertThat(point.get(1).asDouble())
            .isCloseTo(result.get("validation_accuracy").asDouble(), Offset.offset(1e-6));
      }
    }
    assertThat(best).isCloseTo(result.get("validation_accuracy").asDouble(), Offset.offset(1e-6));
    assertThat(events.get("train").get("graph_nodes").asInt()).isGreaterThan(200);
    assertThat(events.get("server").get("graph_nodes"))
        .isEqualTo(events.get("train").get("graph_nodes"));
  }

  @Test
  void retrainPyOptionsAreAccepted() throws IOException {
    Cli cli =
        Cli.run(
            "train",
            "--image_dir=" + images,
            "--architecture",
            "mobilenet_0.25_224",
            "--how_many_training_steps=20",
            "--learning_rate",
            "0.01",
            "--bottleneck_dir",
            directory.resolve("bottleneck"),
            "--model_dir",
            models,
            "--output_graph",
            graph("script"),
            "--output_labels",
            directory.resolve("script/labels.txt"),
            "--summaries_dir",
            directory.resolve("script/logs"),
            "--final_tensor_name",
            "probabilities",
            "--no-plots",
            "--print_misclassified_test_images",
            "--quiet");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).contains(".jpg");
    JsonNode metadata =
        new ObjectMapper().readTree(directory.resolve("script/output_graph.json").toFile());
    assertThat(metadata.at("/output/tensor").asText()).isEqualTo("probabilities:0");
    assertThat(metadata.at("/options/iterations").asText()).isEqualTo("20");
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> texts(JsonNode array) {
    return Arrays.asList(new ObjectMapper().convertValue(array, String[].class));
  }
}
