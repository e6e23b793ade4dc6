package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.finetune.TestNetworks;
import dev.retrain.testing.Graphs;
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

/** {@code sweep --fine-tune}. */
class FineTuneSweepTest {
  @TempDir private static Path directory;
  private static Path images;
  private static Path network;
  private static JsonNode first;

  @BeforeAll
  static void sweepOnce() throws IOException {
    images = directory.resolve("images");
    SampleImages.write(images, 25, 1, Progress.NONE);
    network = directory.resolve("residual.pb");
    Files.write(network, Graphs.of(tf -> TestNetworks.residual(tf, 64)).toByteArray());
    first = sweep("sweep", "--train-size", "32,64", "--fine-tune-lr", "0.01,1e-12");
  }

  private static Cli run(String command, String to, Object... more) {
    Path output = directory.resolve(to);
    List<Object> arguments = new ArrayList<>(List.of(command, "-i", images, "--graph", network));
    arguments.addAll(List.of("--bottleneck", "vector:0", "--range", "-1,1"));
    arguments.addAll(List.of("--bottleneck-dir", directory.resolve("cache")));
    arguments.addAll(List.of("--output-graph", output.resolve("graph.pb")));
    arguments.addAll(List.of("--output-labels", output.resolve("labels.txt")));
    arguments.addAll(List.of("--summaries-dir", output.resolve("logs"), "--no-plots"));
    arguments.addAll(List.of("--json", "-q", "--force", "--iterations", 20, "--lr", 0.001));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray());
  }

  private static JsonNode succeed(String command, String to, Object... more) throws IOException {
    Cli cli = run(command, to, more);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  private static JsonNode fineTune(String command, String to, Object... more) throws IOException {
    List<Object> arguments = new ArrayList<>(List.of("--fine-tune", "--fine-tune-epochs", 3));
    arguments.addAll(List.of("--fine-tune-batch-size", 16));
    arguments.addAll(List.of(more));
    return succeed(command, to, arguments.toArray());
  }

  private static JsonNode sweep(String to, Object... more) throws IOException {
    return fineTune("sweep", to, more);
  }

  private static Path graph(String of) {
    return directory.resolve(of).resolve("graph.pb");
  }

  private static JsonNode metadata(String of) throws IOException {
    return Json.mapper().readTree(directory.resolve(of).resolve("graph.json").toFile());
  }

  private static Path record(String sweep, String run) {
    return directory.resolve(sweep).resolve("logs").resolve(run).resolve("sweep_run.json");
  }

  private static String runName(String size, String rate) {
    return "train_size=%s,fine_tune_lr=%s,seed=1".formatted(size, rate);
  }

  /** The same settings, the same result; the best one's model is the same, byte for byte. */
  @Test
  void everyRunEqualsASingleTraining() throws IOException {
    for (String size : List.of("32", "64")) {
      for (String rate : List.of("0.01", "1.0E-12")) {
        String name = runName(size, rate);
        String alone = "alone" + size + rate;
        JsonNode single = fineTune("train", alone, "--train-size", size, "--fine-tune-lr", rate);
        JsonNode record = Json.mapper().readTree(record("sweep", name).toFile());
        for (String metric : List.of("validation_accuracy", "best_iteration", "iterations")) {
          assertThat(record.path("figures").path(metric)).as(name).isEqualTo(single.path(metric));
        }
        assertThat(record.at("/fine_tuning/height").asText()).isEqualTo(size);
        if (first.path("winner").asText().equals(name)) {
          assertThat(graph("sweep")).hasSameBinaryContentAs(graph(alone));
          assertThat(withoutPaths("sweep")).isEqualTo(withoutPaths(alone));
        }
      }
    }
    assertThat(first.path("winner").asText()).contains("fine_tune_lr=0.01");
  }

  private static JsonNode withoutPaths(String of) throws IOException {
    JsonNode metadata = metadata(of);
    ((ObjectNode) metadata.path("options"))
        .remove(List.of("output_graph", "output_labels", "summaries_dir", "embedding"));
    ((ObjectNode) metadata.path("training")).remove("log_directory");
    return metadata;
  }

  /** A network that is no better than its head counts as the head does. */
  @Test
  void runIsNeverWorseThanItsHead() throws IOException {
    JsonNode head = succeed("train", "head");
    JsonNode kept =
        Json.mapper().readTree(record("sweep", runName("64", "1.0E-12")).toFile()).path("figures");
    assertThat(kept.path("validation_accuracy")).isEqualTo(head.path("validation_accuracy"));
    assertThat(kept.path("best_iteration")).isEqualTo(head.path("best_iteration"));
  }

  @Test
  void tableHasAColumnForEachOption() throws IOException {
    List<String> lines = Files.readAllLines(directory.resolve("sweep/logs/sweep.csv"));
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0))
        .startsWith("run,train_size,fine_tune_lr,seed,validation_accuracy,validation_loss,");
    assertThat(lines.get(2)).startsWith("\"" + runName("32", "1.0E-12") + "\",32,1.0E-12,1,");
  }

  @Test
  void nothingButRecordsAndEventsRemains() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("sweep/logs"))) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .allMatch(name -> name.matches("events.*|sweep.*|[.]lock"));
    }
  }

  /** As kill -9 leaves a run: begun. */
  @Test
  void onlyUnfinishedRunsAreTrainedAgain() throws IOException {
    Object[] options = {"--train-size", 32, "--fine-tune-lr", "0.01,0.001"};
    JsonNode before = sweep("killed", options);
    byte[] model = Files.readAllBytes(graph("killed"));
    Path record = record("killed", "fine_tune_lr=0.001,seed=1");
    ObjectNode begun = (ObjectNode) Json.mapper().readTree(record.toFile());
    begun.remove("figures");
    Files.writeString(record, begun.toString());

    JsonNode after = sweep("killed", options);

    assertThat(after.path("reused").asInt()).isEqualTo(1);
    assertThat(after.path("settings")).isEqualTo(before.path("settings"));
    assertThat(graph("killed")).hasBinaryContent(model);
    // Other settings under the same names are other runs.
    assertThat(sweep("killed", "--fine-tune-lr", "0.01,0.001").path("reused").asInt()).isZero();
    assertThat(directory.resolve("killed/logs.earlier")).isNotEmptyDirectory();
  }

  @Test
  void headAloneIsOneOfTheSettings() throws IOException {
    JsonNode result = succeed("sweep", "both", "--fine-tune=true,false");
    assertThat(result.path("runs"))
        .extracting(run -> run.path("name").asText())
        .containsExactly("fine_tune=true,seed=1", "fine_tune=false,seed=1");
    assertThat(result.at("/settings/0/options/fine_tune").asText()).isEqualTo("true");
    assertThat(metadata("both").at("/options/fine_tune").asText()).isEqualTo("true");
  }

  @Test
  void listsOfDistortionsAreRepeated() throws IOException {
    JsonNode result =
        sweep("lists", "--distort", "flip,shift=0.1", "--distort", "none", "--train-size", 32);
    assertThat(result.path("runs"))
        .extracting(run -> run.at("/options/distort").asText())
        .containsExactly("flip,shift=0.1", "none");
  }

  @ParameterizedTest
  @CsvSource({
    "'--fine-tune-lr,0.1,--fine-tune-lr,0.2','--fine-tune-lr requires --fine-tune'",
    "'--fine-tune,--fine-tune-layers,all,--fine-tune-layers,9',"
        + "'--fine-tune-layers must be at most 5, the number of blocks'",
    "'--fine-tune,--fine-tune-epochs,2,--fine-tune-epochs,02','are the same training'",
    "'--fine-tune,--train-size,32,--train-size,96','--train-size must be from 32 to 64'",
    "'--fine-tune,--hidden-units,9','--hidden-units cannot be combined with --fine-tune'",
    "'--fine-tune=true,--fine-tune=false,--clip-norm,1','--clip-norm requires --fine-tune'",
    "'--fine-tune,--resume','--resume'",
  })
  void invalidListsAreRefusedBeforeAnyWork(String options, String message) throws IOException {
    Files.createDirectories(directory.resolve("refused"));
    Cli cli = run("sweep", "refused", (Object[]) options.split(",", -1));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains(message);
    try (Stream<Path> files = Files.walk(directory.resolve("refused"))) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void dryRunPlansTheFirstTraining() throws IOException {
    JsonNode plan = succeed("sweep", "dry", "--fine-tune", "--train-size", "32,64", "--dry-run");
    assertThat(plan.at("/fine_tuning/blocks").asInt()).isEqualTo(5);
  }
}
