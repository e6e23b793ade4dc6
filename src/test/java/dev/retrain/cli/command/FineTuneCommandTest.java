package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.SmallNetwork;
import dev.retrain.util.Json;
import dev.retrain.util.Progress;
import java.io.IOException;
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
import org.tensorflow.proto.GraphDef;

class FineTuneCommandTest {
  @TempDir private static Path directory;
  private static Path images;
  private static Path network;
  private static Path first;

  @BeforeAll
  static void train() throws IOException {
    images = directory.resolve("images");
    SampleImages.write(images, 40, 1, Progress.NONE);
    network = SmallNetwork.write(directory.resolve("small.pb"));
    first = directory.resolve("first");
    Cli cli = improve(first);
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  /** Trains a head, in a directory of its own. */
  private static Cli train(Path output, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "-i",
                images,
                "--graph",
                network,
                "--bottleneck-dir",
                directory.resolve("cache"),
                "--iterations",
                30,
                "--output-graph",
                output.resolve("graph.pb"),
                "--output-labels",
                output.resolve("labels.txt"),
                "--summaries-dir",
                output.resolve("logs"),
                "--plots-dir",
                output.resolve("plots"),
                "--json",
                "-q"));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray());
  }

  private static Cli fineTune(Path output, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("--fine-tune", "--fine-tune-batch-size", 16));
    arguments.addAll(List.of(more));
    return train(output, arguments.toArray());
  }

  private static Cli improve(Path output) {
    return fineTune(output, "--fine-tune-epochs", 30, "--fine-tune-lr", 0.005, "--distort", "flip");
  }

  private static JsonNode tuning(Path output) throws IOException {
    return Json.mapper()
        .readTree(output.resolve("graph.json").toFile())
        .path("training")
        .path("fine_tuning");
  }

  @Test
  void networkIsBetterThanItsHead() throws IOException {
    JsonNode tuning = tuning(first);
    assertThat(tuning.path("used").asBoolean()).isTrue();
    assertThat(tuning.path("validation_accuracy").asDouble())
        .isGreaterThan(tuning.path("head_validation_accuracy").asDouble());
  }

  @Test
  void evaluationOfTheModelGivesTheAccuracyOfItsTest() throws IOException {
    Cli cli =
        Cli.run(
            "evaluate",
            first.resolve("graph.pb"),
            "-i",
            images,
            "--bottleneck-dir",
            directory.resolve("other-cache"),
            "--json",
            "-q");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.json().path("accuracy").asDouble())
        .isEqualTo(
            Json.mapper()
                .readTree(first.resolve("graph.json").toFile())
                .path("metrics")
                .path("test_accuracy")
                .asDouble());
  }

  @Test
  void equalOptionsGiveEqualModels() throws IOException {
    Path second = directory.resolve("second");
    Cli cli = improve(second);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(second.resolve("graph.pb")).hasSameBinaryContentAs(first.resolve("graph.pb"));
  }

  @Test
  void headIsKeptIfTheNetworkIsNoBetter() throws IOException {
    Path kept = directory.resolve("kept");
    Cli cli = fineTune(kept, "--fine-tune-lr", 1e-12, "--fine-tune-epochs", 1);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(tuning(kept).path("used").asBoolean()).isFalse();
    Path head = directory.resolve("head");
    Cli plain = train(head);
    assertThat(plain.code()).as(plain.err()).isZero();
    assertThat(kept.resolve("graph.pb")).hasSameBinaryContentAs(head.resolve("graph.pb"));
  }

  @Test
  void finishedTrainingLeavesNoCheckpoint() throws IOException {
    try (Stream<Path> files = Files.list(first)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("graph.pb", "graph.json", "labels.txt", "logs", "plots");
    }
  }

  @Test
  void trainSizeIsRecordedAndUsed() throws IOException {
    Path small = directory.resolve("small");
    Cli cli = fineTune(small, "--train-size", 32, "--fine-tune-epochs", 1);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(Json.mapper().readTree(small.resolve("graph.json").toFile()).at("/input/height"))
        .hasToString("32");
  }

  @Test
  void dryRunSaysWhatIsTrainedAndWhatItCosts() throws IOException {
    Cli cli = fineTune(directory.resolve("none"), "--fine-tune-layers", "all", "--dry-run");
    assertThat(cli.code()).as(cli.err()).isZero();
    JsonNode plan = cli.json().path("fine_tuning");
    assertThat(plan.path("blocks").asInt()).isEqualTo(3);
    assertThat(plan.path("trained_blocks").asInt()).isEqualTo(3);
    // Kernels, and gamma and beta of each of the 40 channels.
    assertThat(plan.path("parameters").asInt()).isEqualTo(9 * (3 * 8 + 8 * 16 + 16 * 16) + 2 * 40);
    assertThat(plan.path("epochs").asInt()).isEqualTo(30);
    assertThat(plan.path("seconds_per_epoch").asDouble()).isPositive();
    assertThat(directory.resolve("none")).doesNotExist();
  }

  /** Without distortions, the layers that are not trained are computed once. */
  @ParameterizedTest
  @CsvSource({"--fine-tune-layers,2", "--fine-tune-from,first:0"})
  void lastLayersAreTrainedOnCachedActivations(String option, String layers) throws IOException {
    Path output = directory.resolve("last" + layers.length());
    Cli cli =
        fineTune(
            output,
            option,
            layers,
            "--distort",
            "none",
            "--fine-tune-epochs",
            40,
            "--fine-tune-lr",
            0.005);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(tuning(output).path("layers").asText()).isEqualTo(layers);
    assertThat(tuning(output).path("used").asBoolean()).isTrue();
    GraphDef tuned = GraphDef.parseFrom(Files.readAllBytes(output.resolve("graph.pb")));
    assertThat(constant(tuned, "first_kernel"))
        .isEqualTo(constant(SmallNetwork.graph(), "first_kernel"));
    assertThat(constant(tuned, "second_kernel"))
        .isNotEqualTo(constant(SmallNetwork.graph(), "second_kernel"));
  }

  private static ByteString constant(GraphDef graph, String name) {
    return graph.getNodeList().stream()
        .filter(node -> node.getName().equals(name))
        .map(node -> node.getAttrOrThrow("value").getTensor().getTensorContent())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void resumingOverwritesNoOtherModel() throws IOException {
    byte[] before = Files.readAllBytes(first.resolve("graph.pb"));
    Cli cli = fineTune(first, "--resume");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("graph.pb already exists");
    assertThat(first.resolve("graph.pb")).hasBinaryContent(before);
  }

  @Test
  void checkpointIsNotOverwritten() throws IOException {
    Path output = Files.createDirectories(directory.resolve("killed"));
    Path checkpoint = Files.write(output.resolve("graph.pb.checkpoint"), new byte[10]);
    Cli cli = fineTune(output);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains(checkpoint.toString(), "--resume", "--force");
    Cli damaged = fineTune(output, "--resume");
    assertThat(damaged.code()).isEqualTo(1);
    assertThat(damaged.err()).contains(checkpoint.toString()).doesNotContain("\tat ");
    assertThat(checkpoint).hasSize(10);
  }

  @Test
  void unsuitableLayersAreRefusedBeforeAnyWork() {
    Path cache = directory.resolve("untouched");
    Cli cli =
        Cli.run(
            "train",
            "-i",
            images,
            "--graph",
            network,
            "--bottleneck-dir",
            cache,
            "-o",
            directory.resolve("refused/graph.pb"),
            "--output-labels",
            directory.resolve("refused/labels.txt"),
            "--summaries-dir",
            directory.resolve("refused/logs"),
            "--plots-dir",
            directory.resolve("refused/plots"),
            "--fine-tune",
            "--fine-tune-layers",
            9);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err())
        .contains("--fine-tune-layers must be at most 3, the number of blocks of the network");
    assertThat(cache).doesNotExist();
  }

  /** With only one update, no loss after it is computed in the training. */
  @Test
  void divergedNetworkIsNoModel() {
    Path output = directory.resolve("diverged");
    Cli cli =
        fineTune(output, "--fine-tune-lr", 1e30, "--fine-tune-epochs", 1, "--accumulate", 1000);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("diverged at iteration 1", "Lower --fine-tune-lr");
    assertThat(output.resolve("graph.pb")).doesNotExist();
  }

  /** They would be deleted at the end. */
  @Test
  void labelsCantBeTheCheckpoint() {
    Path labels = directory.resolve("same/graph.pb.checkpoint");
    Cli cli =
        Cli.run(
            "train",
            "-i",
            images,
            "--fine-tune",
            "-o",
            directory.resolve("same/graph.pb"),
            "--output-labels",
            labels);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--output-labels " + labels + " is the checkpoint");
  }

  /** An interrupted training could not resume from a network that has been replaced. */
  @Test
  void modelDoesNotOverwriteTheNetwork() throws IOException {
    byte[] before = Files.readAllBytes(network);
    Cli cli =
        Cli.run(
            "train",
            "-i",
            images,
            "--graph",
            network,
            "--fine-tune",
            "--force",
            "-o",
            network,
            "--output-labels",
            directory.resolve("labels.txt"));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--output-graph", "would overwrite the backbone");
    assertThat(network).hasBinaryContent(before);
  }

  @Test
  void resultReportsFineTuning() throws IOException {
    Path output = directory.resolve("said");
    Cli cli = fineTune(output, "--fine-tune-epochs", 2);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.json().path("fine_tuning")).isEqualTo(tuning(output));
    assertThat(tuning(output).path("trained_blocks").asInt()).isEqualTo(2);
    assertThat(tuning(output).path("blocks").asInt()).isEqualTo(3);
  }

  @Test
  void batchSizeIsChecked() {
    Cli cli = Cli.run("train", "-i", images, "--fine-tune", "--fine-tune-batch-size", 1);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--fine-tune-batch-size must be at least 2");
  }

  @ParameterizedTest
  @CsvSource({
    "--train-size,64,'--train-size must be from 32 to 32'",
    "--fine-tune-epochs,0,'--fine-tune-epochs must be from 1 to 10,000'",
    "--fine-tune-epochs,2000000000,'--fine-tune-epochs must be from 1 to 10,000'",
    "--fine-tune-layers,al,'--fine-tune-layers must be all or a number of blocks'",
    "--fine-tune-lr,-1,'--fine-tune-lr must be'",
    "--distort,wobble,'--distort must be'",
    "--layer-decay,2,'--layer-decay must be above 0 and at most 1'",
    "--checkpoint-minutes,0,'--checkpoint-minutes must be above 0'",
    "--fine-tune-momentum,0.5,'--fine-tune-momentum requires --fine-tune-optimizer sgd'",
  })
  void invalidOptionIsNamed(String option, String value, String message) {
    Cli cli = fineTune(directory.resolve("invalid"), option, value);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains(message);
  }

  @ParameterizedTest
  @CsvSource({"--train-size,64", "--distort,none", "--fine-tune-warmup,3", "--accumulate,2"})
  void optionsRequireFineTuning(String option, String value) {
    Cli cli = Cli.run("train", "-i", images, option, value);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains(option + " requires --fine-tune");
  }
}
