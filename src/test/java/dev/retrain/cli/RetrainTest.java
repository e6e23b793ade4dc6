package dev.retrain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.fetch.DownloadSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.TensorFlow;
import picocli.CommandLine;

class RetrainTest {
  /** All commands as they are typed; the empty one is the root. */
  static final List<String> COMMANDS =
      List.of(
          "",
          "quickstart",
          "download",
          "train",
          "bottleneck",
          "bottleneck info",
          "bottleneck import",
          "bottleneck export",
          "bottleneck prune",
          "augment",
          "evaluate",
          "report",
          "sweep",
          "export",
          "predict",
          "models",
          "models fetch",
          "completion",
          "man");

  @TempDir Path directory;

  static List<String> commands() {
    return COMMANDS;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyHelpPageListsAllExitCodes(String command) {
    Cli cli = Cli.run((Object[]) (command + " --help").strip().split(" "));
    assertThat(cli.code()).isZero();
    assertThat(cli.err()).isEmpty();
    for (ExitCode exit : ExitCode.values()) {
      assertThat(cli.out()).containsPattern("(?m)^ +" + exit.code() + " +\\w");
    }
  }

  @Test
  void helpDoesNotDependOnTheConstructedCommands() {
    CommandLine all =
        Retrain.commandLine(new Interruption(), DownloadSources.fromEnvironment(), name -> true);
    assertThat(Cli.run("--help").out()).isEqualTo(all.getUsageMessage());
    all.getSubcommands()
        .forEach(
            (name, command) ->
                assertThat(Cli.run(name, "--help").out()).isEqualTo(command.getUsageMessage()));
    assertThat(Cli.run("evalute").err()).contains("evaluate");
  }

  @Test
  void versionListsToolTensorFlowAndJava() {
    Cli cli = Cli.run("--version");
    assertThat(cli.code()).isZero();
    assertThat(cli.out().lines())
        .anyMatch(line -> line.matches("retrain \\d+\\.\\d+\\.\\d+"))
        .contains("TensorFlow " + TensorFlow.version(), "Java " + Runtime.version());
  }

  @Test
  void helpShowsDefaults() {
    assertThat(Cli.run("train", "--help").out().replaceAll("\\s+", " "))
        .contains(
            "Default: data/train.",
            "Default: tmp/bottleneck.",
            "Default: tmp/imagenet.",
            "Default: tmp/retrain_logs.",
            "Default: 0.01.",
            "Default: 2000.",
            "Default: 65.",
            "Default: 0.95.",
            "Default: 150.",
            "Default: 8000.");
  }

  @Test
  void usageErrorIsOneSentenceAndExitCodeTwo() throws IOException {
    Path model = Files.createFile(directory.resolve("model.pb"));
    List<Object[]> wrong =
        List.of(
            new Object[] {},
            new Object[] {"trian"},
            new Object[] {"train", "--lr", "fast"},
            new Object[] {"train", "--image-dir", directory.resolve("none")},
            new Object[] {"train", "-i", directory, "--iterations", "0"},
            new Object[] {"train", "-i", directory, "--lr", "-1"},
            new Object[] {"train", "-i", directory, "--decay-rate", "1.5"},
            new Object[] {"train", "-i", directory, "--testing-percentage", "95"},
            new Object[] {"train", "-i", directory, "--test-files", "[x"},
            new Object[] {"train", "-i", directory, "--test-batch-size", "0"},
            new Object[] {"train", "-i", directory, "--backbone", "resnet"},
            new Object[] {"train", "-i", directory, "--graph", directory.resolve("no.pb")},
            new Object[] {"train", "-i", directory, "-b", "scattering", "--graph", model},
            new Object[] {"train", "-i", directory, "--range", "0,1"},
            new Object[] {"train", "-i", directory, "--channels", "bgr"},
            new Object[] {"train", "-i", directory, "--graph", model, "--range", "0,2"},
            new Object[] {"train", "-i", directory, "--graph", model, "--mean", "1,2"},
            new Object[] {"train", "-i", directory, "--graph", model, "--std", "1,0,1"},
            new Object[] {"train", "-i", directory, "--resize", "fit"},
            new Object[] {
              "train", "-i", directory, "--graph", model, "--range", "0,1", "--mean", "3"
            },
            new Object[] {"train", "-i", directory, "--final-tensor-name", "a b"},
            new Object[] {"train", "-i", directory, "-b", "scattering", "--size", "3,3"},
            new Object[] {"bottleneck", "--image-dir", directory.resolve("none")},
            new Object[] {"bottleneck", "info", "--bottleneck-dir", directory},
            new Object[] {"predict", directory.resolve("none.pb"), "a.jpg"},
            new Object[] {"predict", "model.pb"},
            new Object[] {"predict", model, "a.jpg", "--top", "0"},
            new Object[] {"predict", model, "a.jpg", "--format", "xml"},
            new Object[] {"predict", model, "a.jpg", "--format", "csv", "--json"},
            new Object[] {"predict", model, "a.jpg", "--null"},
            new Object[] {"evaluate", directory.resolve("none.pb")},
            new Object[] {"evaluate", model, "--partition", "half"},
            new Object[] {"evaluate", model, "-i", directory.resolve("none")},
            new Object[] {"evaluate", model, "--vectors", directory.resolve("none")},
            new Object[] {"evaluate", model, "--vectors", directory, "-i", directory},
            new Object[] {"evaluate", model, "--architecture", "x"},
            new Object[] {"evaluate", model, "--mistakes", "-1"},
            new Object[] {"evaluate", model, "--confusion-png", directory},
            new Object[] {"models", "fetch"},
            new Object[] {"models", "fetch", "resnet"},
            new Object[] {"models", "fetch", "inception_v3", "--url", "models/net.tgz"},
            new Object[] {"models", "fetch", "inception_v3", "--url", "ftp://host/net.tgz"},
            new Object[] {"models", "fetch", "inception_v3", "--archive", directory});
    for (Object[] arguments : wrong) {
      Cli cli = Cli.run(arguments);
      assertThat(cli.code()).as(List.of(arguments).toString()).isEqualTo(2);
      assertThat(cli.out()).isEmpty();
      assertThat(cli.err()).startsWith("retrain: ").contains("--help").doesNotContain("\tat ");
      assertThat(cli.err().lines().count()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void missingBackboneNamesTheExpectedFile() throws IOException {
    Files.createDirectories(directory.resolve("images"));
    Cli cli =
        Cli.run("train", "-i", directory.resolve("images"), "--model-dir", directory.resolve("m"));
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err())
        .contains(directory.resolve("m").resolve("inception-2015-12-05.tgz").toString())
        .contains("inception_v3");
    assertThat(directory.resolve("m")).isEmptyDirectory();
  }

  @Test
  void existingResultIsOverwrittenOnlyWithForce() throws IOException {
    Path graph = Files.writeString(directory.resolve("graph.pb"), "precious");
    Path images = Files.createDirectory(directory.resolve("images"));
    Cli cli = Cli.run("train", "-i", images, "-o", graph, "-b", "scattering");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains(graph.toString()).contains("--force");
    assertThat(graph).hasContent("precious");
  }

  @Test
  void stackTraceIsShownOnlyWithVerbose() throws IOException {
    Path images = Files.createDirectory(directory.resolve("images"));
    Object[] failing = {
      "train",
      "-i",
      images,
      "-b",
      "scattering",
      "-o",
      directory + "/o.pb",
      "--output-labels",
      directory + "/l",
      "--summaries-dir",
      directory + "/s",
      "--no-plots"
    };
    Cli quiet = Cli.run(failing);
    assertThat(quiet.code()).isEqualTo(1);
    assertThat(quiet.err()).contains(images.toString()).doesNotContain("\tat ");
    Object[] verbose = java.util.Arrays.copyOf(failing, failing.length + 1);
    verbose[failing.length] = "--verbose";
    assertThat(Cli.run(verbose).err()).contains("\tat dev.retrain.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train --lr|Missing required parameter for option '--lr' (RATE).",
        "train --optimizer sgd --lr 0.1 --lr 0.2"
            + "|--lr or --learning-rate is given more than once; remove all but one.",
        "train -b scattering --mirror --flip_tta"
            + "|--mirror or --flip-tta is given more than once; remove all but one.",
        "sweep --optimizer sgd,adam --mirror --mirror"
            + "|--mirror or --flip-tta is given more than once; remove all but one.",
        "augment --image a --picture b|option '--image' (FILE) should be specified only once.",
      })
  void optionErrorNamesThePrimaryName(String line, String message) {
    Cli result = Cli.run((Object[]) line.split(" "));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("retrain: " + message);
  }

  @Test
  void listsMayBeGivenInParts() {
    assertThat(Cli.run("train", "--hidden-units", "4", "--hidden-units", "5", "-i", "absent").err())
        .contains("absent is not a directory");
  }
}
