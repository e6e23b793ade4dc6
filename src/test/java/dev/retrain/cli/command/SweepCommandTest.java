package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.Cli;
import dev.retrain.testing.TextClusters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sweep}. */
class SweepCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SHARED =
      List.of("--iterations", "40", "--eval-step-interval", "5", "--train-batch-size", "20");

  @TempDir private static Path shared;
  private static Path text;

  @TempDir Path directory;
  private Path logs;

  @BeforeAll
  static void writeVectors() throws IOException {
    text = shared.resolve("text");
    TextClusters.write(text, 240);
  }

  @BeforeEach
  void chooseDirectory() {
    logs = directory.resolve("logs");
  }

  private Cli run(String command, String to, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                command,
                "--vectors",
                text,
                "--output-graph",
                directory.resolve(to).resolve("graph.pb"),
                "--output-labels",
                directory.resolve(to).resolve("labels.txt"),
                "--summaries-dir",
                to.equals("model") ? logs : directory.resolve(to).resolve("logs"),
                "--no-plots",
                "--force",
                "--json",
                "-q"));
    arguments.addAll(SHARED);
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray());
  }

  private JsonNode sweep(Object... more) throws IOException {
    Cli cli = run("sweep", "model", more);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  private JsonNode train(String to, Object... more) throws IOException {
    Cli cli = run("train", to, more);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  private JsonNode runOf(String name) throws IOException {
    return JSON.readTree(logs.resolve(name).resolve("sweep_run.json").toFile());
  }

  private JsonNode description(String of) throws IOException {
    return JSON.readTree(directory.resolve(of).resolve("graph.json").toFile());
  }

  private Set<String> runNames() throws IOException {
    try (Stream<Path> entries = Files.list(logs)) {
      Set<String> names = new HashSet<>();
      entries.filter(Files::isDirectory).forEach(path -> names.add(path.getFileName().toString()));
      return names;
    }
  }

  /** Those of the runs' training: the winner is tested each time. */
  private Map<Path, byte[]> events() throws IOException {
    Map<Path, byte[]> contents = new HashMap<>();
    try (Stream<Path> files = Files.walk(logs, 3)) {
      for (Path file : files.filter(path -> path.toString().contains("tfevents")).toList()) {
        if (!file.getParent().equals(logs) && !file.getParent().endsWith("test")) {
          contents.put(file, Files.readAllBytes(file));
        }
      }
    }
    return contents;
  }

  @Test
  void everyCombinationIsTrainedLikeTrain() throws IOException {
    JsonNode result = sweep("--lr", "0.3,0.003", "--decay-steps", "5,20", "--seed", "1,2");

    assertThat(result.get("trainings").asInt()).isEqualTo(8);
    Set<String> expected = new HashSet<>();
    for (String lr : List.of("0.3", "0.003")) {
      for (String steps : List.of("5", "20")) {
        for (String seed : List.of("1", "2")) {
          String name = "lr=%s,decay_steps=%s,seed=%s".formatted(lr, steps, seed);
          expected.add(name);
          JsonNode alone = train("alone", "--lr", lr, "--decay-steps", steps, "--seed", seed);
          JsonNode figures = runOf(name).get("figures");
          for (String figure : List.of("validation_accuracy", "best_iteration", "iterations")) {
            assertThat(figures.get(figure)).as(name + " " + figure).isEqualTo(alone.get(figure));
          }
          if (name.equals(result.get("winner").asText())) {
            assertThat(directory.resolve("model/graph.pb"))
                .hasSameBinaryContentAs(directory.resolve("alone/graph.pb"));
            assertThat(result.at("/model/test_accuracy")).isEqualTo(alone.get("test_accuracy"));
            assertSameDescription();
          }
        }
      }
    }
    assertThat(runNames()).isEqualTo(expected);
  }

  private void assertSameDescription() throws IOException {
    JsonNode ours = description("model");
    JsonNode theirs = description("alone");
    // Where results go is the sweep's; train has an option more.
    for (JsonNode description : List.of(ours, theirs)) {
      ((ObjectNode) description.get("options"))
          .remove(List.of("output_graph", "output_labels", "summaries_dir", "embedding"));
      ((ObjectNode) description.get("training")).remove("log_directory");
    }
    assertThat(ours).isEqualTo(theirs);
  }

  @Test
  void settingsAreSortedByMeanAccuracy() throws IOException {
    JsonNode result = sweep("--lr", "0.00001,0.03,0.3", "--seed", "1,2,3", "--average-decay", "0");

    double before = 1;
    for (JsonNode setting : result.get("settings")) {
      List<Double> accuracies = new ArrayList<>();
      for (JsonNode run : result.get("runs")) {
        if (run.at("/options/lr").equals(setting.at("/options/lr"))) {
          accuracies.add(run.get("validation_accuracy").asDouble());
        }
      }
      assertThat(accuracies).hasSize(3);
      double mean = accuracies.stream().mapToDouble(d -> d).sum() / 3;
      double variance =
          accuracies.stream().mapToDouble(d -> (d - mean) * (d - mean)).sum() / (3 - 1);
      JsonNode accuracy = setting.get("validation_accuracy");
      assertThat(accuracy.get("mean").asDouble()).isCloseTo(mean, within(1e-12));
      assertThat(accuracy.get("stddev").asDouble()).isCloseTo(Math.sqrt(variance), within(1e-12));
      assertThat(accuracy.get("lowest").asDouble())
          .isEqualTo(accuracies.stream().min(Double::compare).orElseThrow());
      assertThat(accuracy.get("highest").asDouble())
          .isEqualTo(accuracies.stream().max(Double::compare).orElseThrow());
      assertThat(mean).isLessThanOrEqualTo(before);
      before = mean;
    }
    String winner = result.get("winner").asText();
    assertThat(winner).startsWith("lr=" + result.at("/settings/0/options/lr").asText());
    assertThat(runOf(winner).at("/figures/validation_accuracy").asDouble())
        .isEqualTo(result.at("/settings/0/validation_accuracy/highest").asDouble());
    assertThat(result.at("/settings/2/options/lr").asText()).isEqualTo("1.0E-5");
  }

  @Test
  void tableHasOneRowPerRun() throws IOException {
    JsonNode result = sweep("--lr", "0.3,0.03", "--seed", "4,5");

    List<String> lines = Files.readAllLines(Path.of(result.get("table").asText()));
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0))
        .isEqualTo(
            "run,lr,seed,validation_accuracy,validation_loss,best_iteration,iterations,plateau_iteration,"
                + "seconds,failure");
    for (int i = 0; i < 4; i++) {
      JsonNode run = result.get("runs").get(i);
      assertThat(lines.get(i + 1))
          .startsWith(
              "\"%s\",%s,%s,%s,%s,%s,40,"
                  .formatted(
                      run.get("name").asText(),
                      run.at("/options/lr").asText(),
                      run.at("/options/seed").asText(),
                      run.get("validation_accuracy").asText(),
                      run.get("validation_loss").asText(),
                      run.get("best_iteration").asText()));
    }
  }

  @Test
  void finishedRunsAreReused() throws IOException {
    Object[] grid = {"--lr", "0.3,0.03", "--seed", "1,2"};
    JsonNode first = sweep(grid);
    Map<Path, byte[]> before = events();
    // As kill -9 leaves a run: begun, with half its events.
    Path cut = logs.resolve("lr=0.03,seed=1");
    ObjectNode begun = (ObjectNode) runOf("lr=0.03,seed=1");
    begun.remove("figures");
    Files.writeString(cut.resolve("sweep_run.json"), begun.toString());
    Path half = cut.resolve("train/events.out.tfevents.0.half");
    Files.writeString(half, "half");
    // And one that no sweep asks for any more.
    Files.createDirectories(logs.resolve("lr=9,seed=9"));
    Files.writeString(logs.resolve("lr=9,seed=9/sweep_run.json"), begun.toString());

    JsonNode second = sweep(grid);

    assertThat(second.get("reused").asInt()).isEqualTo(3);
    for (JsonNode run : second.get("runs")) {
      assertThat(run.get("reused").asBoolean())
          .isEqualTo(!run.get("name").asText().equals("lr=0.03,seed=1"));
    }
    assertThat(half).doesNotExist();
    assertThat(logs.resolve("lr=9,seed=9")).doesNotExist();
    Map<Path, byte[]> after = events();
    before.forEach(
        (path, content) -> {
          if (!path.startsWith(cut)) {
            assertThat(after.get(path)).as(path.toString()).isEqualTo(content);
          }
        });
    assertThat(second.get("settings")).isEqualTo(first.get("settings"));
    assertThat(second.get("winner")).isEqualTo(first.get("winner"));

    JsonNode larger = sweep("--lr", "0.3,0.03,0.1", "--seed", "1,2");
    assertThat(larger.get("reused").asInt()).isEqualTo(4);
    assertThat(directory.resolve("logs.earlier")).doesNotExist();
    // The same names, but another setting beside.
    assertThat(sweep("--lr", "0.3,0.03", "--l2", "1").get("reused").asInt()).isZero();
    assertThat(directory.resolve("logs.earlier"))
        .isDirectoryRecursivelyContaining("glob:**/lr=0.1*");
  }

  @Test
  void runsOfOtherDataAreMovedAside() throws IOException {
    sweep("--lr", "0.3,0.03");
    JsonNode other = sweep("--lr", "0.3,0.1", "--testing-percentage", "20");
    assertThat(other.get("reused").asInt()).isZero();
    assertThat(runNames()).containsExactlyInAnyOrder("lr=0.3,seed=1", "lr=0.1,seed=1");
    try (Stream<Path> moved = Files.walk(directory.resolve("logs.earlier"), 2)) {
      assertThat(moved.map(path -> path.getFileName().toString()))
          .contains("lr=0.3,seed=1", "lr=0.03,seed=1", "sweep.csv");
    }

    train("model");
    assertThat(runNames()).containsExactlyInAnyOrder("train", "validation", "test");
    sweep();
    assertThat(runNames())
        .containsExactly("iterations=40,train_batch_size=20,eval_step_interval=5,seed=1");
  }

  @Test
  void divergedSettingIsLast() throws IOException {
    JsonNode result = sweep("--lr", "1e38,0.03", "--no-standardize");
    assertThat(result.at("/settings/0/options/lr").asText()).isEqualTo("0.03");
    assertThat(result.at("/settings/1/failed").asInt()).isEqualTo(1);
    assertThat(result.at("/runs/0/failure").asText()).contains("1.0E38");
    assertThat(runOf("lr=1.0E38,seed=1").has("figures")).isFalse();
    assertThat(Files.readAllLines(logs.resolve("sweep.csv")).get(1)).contains("NaN");

    Cli all = run("sweep", "model", "--lr", "1e38", "--no-standardize");
    assertThat(all.code()).isEqualTo(1);
    assertThat(all.err().lines()).singleElement().asString().contains("1.0E38");
  }

  @Test
  void textContainsTableAndSummary() {
    Cli cli =
        Cli.run(
            "sweep",
            "--vectors",
            text,
            "--iterations",
            "20,40",
            "--lr=0.03",
            "--output-graph",
            directory.resolve("graph.pb"),
            "--output-labels",
            directory.resolve("labels.txt"),
            "--summaries-dir",
            logs,
            "--no-plots",
            "-q");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out().lines().toList().get(0)).matches("iterations +seeds +validation .*");
    assertThat(cli.out())
        .containsPattern("iterations=[24]0,seed=1")
        .contains(logs.resolve("sweep.csv").toString(), directory.resolve("graph.pb").toString())
        .containsPattern("[0-9.]+% test accuracy");
  }

  @Test
  void flagsAndRepeatedOptionsAreLists() throws IOException {
    JsonNode result = sweep("--no-standardize=true,false", "--l2", "1", "--l2", "10,1");
    Set<String> names = new HashSet<>();
    result.get("runs").forEach(run -> names.add(run.get("name").asText()));
    assertThat(names)
        .containsExactlyInAnyOrder(
            "no_standardize=true,l2=1.0,seed=1",
            "no_standardize=true,l2=10.0,seed=1",
            "no_standardize=false,l2=1.0,seed=1",
            "no_standardize=false,l2=10.0,seed=1");
  }

  @Test
  void valuesAreAcceptedInUpperCase() throws IOException {
    JsonNode result = sweep("--optimizer", "SGD", "--momentum", "0.5,0.9");
    Set<String> names = new HashSet<>();
    result.get("runs").forEach(run -> names.add(run.get("name").asText()));
    assertThat(names).containsExactlyInAnyOrder("momentum=0.5,seed=1", "momentum=0.9,seed=1");
    assertThat(description("model").at("/options/optimizer").asText()).isEqualTo("sgd");
  }

  @Test
  void invalidListsAreUsageErrors() {
    Map<List<String>, String> wrong =
        Map.of(
            List.of("--lr", "0.1,fast"), "'fast'",
            List.of("--lr", "0.1,-1"), "-1.0",
            List.of("--lr", "0.1,0.10"), "lr=0.1",
            List.of("--test-batch-size", "10,20"), "test_batch_size=10",
            List.of("--test-batch-size", "0"), "--test-batch-size",
            List.of("--no-standardize=perhaps"), "'perhaps'",
            List.of("--image-dir", "images"), "--vectors");
    wrong.forEach(
        (options, message) -> {
          Cli cli = run("sweep", "model", options.toArray());
          assertThat(cli.code()).as(options.toString()).isEqualTo(2);
          assertThat(cli.err()).contains(message);
          assertThat(cli.out()).isEmpty();
        });
    assertThat(logs).doesNotExist();
  }

  @Test
  void everyTrainingOptionAcceptsList() {
    String train = Cli.run("train", "--help").out();
    String sweep = Cli.run("sweep", "--help").out();
    String training = train.substring(train.indexOf("\nTraining:"), train.indexOf("\nResults:"));
    List<String> options =
        Pattern.compile("^ +(--[a-z0-9-]+)", Pattern.MULTILINE)
            .matcher(training)
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(ArrayList::new));
    assertThat(options).hasSizeGreaterThan(30).contains("--fine-tune-lr");
    // They say how a training is run, not what its result is.
    options.removeAll(List.of("--checkpoint-minutes", "--resume"));
    assertThat(sweep).doesNotContain("--checkpoint-minutes", "--resume");
    assertThat(options).allSatisfy(option -> assertThat(sweep).contains(option));
    assertThat(sweep).contains("--lr, --learning-rate=RATE[,RATE...]").contains("Default: 2000.");
    assertThat(sweep).doesNotContain("DEFAULT-VALUE").doesNotContain("null");
  }
}
