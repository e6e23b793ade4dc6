package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.finetune.TestNetworks.Weights;
import dev.retrain.testing.Graphs;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SharedData;
import dev.retrain.util.Json;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A fine-tuned model in Python's TensorFlow: its frozen graph, the SavedModel that {@code export}
 * writes, and the TFLite file that is converted from it, all at the size of the fine-tuning.
 */
class FineTunedExportTest {
  private static final int CLASSES = SampleImages.labels().size();

  @TempDir private static Path directory;
  private static Path images;
  private static PythonClient python;

  @BeforeAll
  static void writeImages() throws IOException {
    python = PythonClient.require();
    images = directory.resolve("images");
    SampleImages.write(images, 30, 1, Progress.NONE);
  }

  private static Cli run(List<Object> arguments) {
    Cli cli = Cli.run(arguments.toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli;
  }

  /** A residual block, and a normalization that no convolution takes up. */
  @Test
  void residualNetwork() throws IOException {
    Path network = directory.resolve("residual.pb");
    Files.write(network, Graphs.of(FineTunedExportTest::residual).toByteArray());
    assertEqualProbabilities(
        "residual", 48, "--graph", network, "--bottleneck", "vector:0", "--range", "-1,1");
  }

  /** Depthwise convolutions, with normalizations that are folded into them. */
  @Test
  void mobileNet() throws IOException {
    assertEqualProbabilities(
        "mobilenet",
        96,
        "--backbone",
        "mobilenet_v1_0.25_224",
        "--model-dir",
        SharedData.mobileNetDirectory(directory.resolve("models")));
  }

  private static void residual(Ops tf) {
    Weights weights = new Weights(tf, new Random(5));
    Operand<TFloat32> x = Graphs.images(tf, "images", 64, 64);
    x = tf.nn.relu(weights.normalized(weights.conv(x, 3, 8, 2, "SAME"), 8));
    Operand<TFloat32> block = tf.nn.relu6(weights.normalized(weights.conv(x, 3, 8, 1, "SAME"), 8));
    block = tf.nn.biasAdd(weights.conv(block, 3, 8, 1, "SAME"), weights.of(0.1, 8));
    x = tf.concat(List.of(x, tf.math.add(x, block)), tf.constant(3));
    x = tf.nn.relu(weights.normalized(x, 16));
    x = tf.nn.relu(tf.nn.biasAdd(weights.conv(x, 3, 12, 2, "SAME"), weights.of(0.1, 12)));
    tf.withName("vector").math.mean(x, tf.constant(new int[] {1, 2}));
  }

  private static void assertEqualProbabilities(String name, int size, Object... backbone)
      throws IOException {
    Path output = directory.resolve(name);
    Path graph = output.resolve("graph.pb");
    fineTune(output, size, backbone);
    JsonNode metadata = Json.mapper().readTree(output.resolve("graph.json").toFile());
    assertThat(metadata.at("/training/fine_tuning/used").asBoolean()).isTrue();
    assertThat(metadata.at("/input/height").asInt()).isEqualTo(size);
    Path saved = output.resolve("saved");
    run(List.of("export", graph, "--to", saved));

    List<Path> files = files();
    JsonNode theirs = python.run("exports.py", arguments(graph, saved, size, metadata, files));
    List<Object> predict = new ArrayList<>(List.of("predict", graph, "--json"));
    predict.addAll(List.of("--top", CLASSES));
    predict.addAll(files);
    List<String> ours = run(predict).out().lines().toList();
    List<String> labels = Files.readAllLines(output.resolve("labels.txt"));
    for (int i = 0; i < files.size(); i++) {
      JsonNode predictions = Json.mapper().readTree(ours.get(i)).path("predictions");
      assertThat(predictions).hasSize(CLASSES);
      for (JsonNode prediction : predictions) {
        int label = labels.indexOf(prediction.path("label").asText());
        for (String way : List.of("graph", "files", "images", "lite")) {
          assertThat(theirs.path(way).get(i).get(label).asDouble())
              .as(way)
              .isCloseTo(prediction.path("probability").asDouble(), Offset.offset(1e-5));
        }
      }
    }
  }

  private static void fineTune(Path output, int size, Object... backbone) {
    List<Object> arguments = new ArrayList<>(List.of("train", "-i", images));
    arguments.addAll(List.of(backbone));
    arguments.addAll(List.of("--bottleneck-dir", directory.resolve("cache")));
    arguments.addAll(List.of("--output-graph", output.resolve("graph.pb")));
    arguments.addAll(List.of("--output-labels", output.resolve("labels.txt")));
    arguments.addAll(List.of("--summaries-dir", output.resolve("logs"), "--no-plots", "-q"));
    // A head that is easily beaten by an epoch: the graph has fine-tuned weights.
    arguments.addAll(List.of("--iterations", 1, "--lr", 0.0001, "--fine-tune"));
    arguments.addAll(List.of("--fine-tune-layers", "all", "--train-size", size));
    arguments.addAll(List.of("--fine-tune-epochs", 1, "--fine-tune-batch-size", 8));
    arguments.addAll(List.of("--fine-tune-lr", 0.01));
    run(arguments);
  }

  /** Two images of each class. */
  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(images)) {
      return all.filter(file -> file.toString().matches(".*_00[01][.]jpg")).sorted().toList();
    }
  }

  private static Object[] arguments(
      Path graph, Path saved, int size, JsonNode metadata, List<Path> files) {
    String input = metadata.at("/input/tensor").asText().replace(":0", "");
    JsonNode mean = metadata.at("/input/mean");
    JsonNode std = metadata.at("/input/std");
    List<Object> arguments = new ArrayList<>(List.of(graph, input, "final_result", saved));
    arguments.addAll(List.of(size, size, mean.asText(), std.asText()));
    arguments.addAll(files);
    return arguments.toArray();
  }
}
