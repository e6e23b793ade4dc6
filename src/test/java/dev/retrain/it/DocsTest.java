package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.retrain.cli.Cli;
import dev.retrain.cli.Retrain;
import dev.retrain.cli.config.RetrainPySpellings;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The documentation, checked against the commands and against its own files. */
class DocsTest {
  private static final Path ROOT = Path.of("");
  private static final int README_LINES = 150;

  private static final int USAGE_ERROR = 2;

  /** Options of other programs. */
  private static final Set<String> OTHER_OPTIONS =
      Set.of("--offline", "--user", "--network", "--read-only", "--tmpfs", "--memory");

  @TempDir private Path directory;

  static List<DocsPage> pages() throws IOException {
    return DocsPage.readAll(ROOT.toAbsolutePath());
  }

  private static CommandLine commandLine() {
    return Retrain.commandLine(new Interruption(), DownloadSources.PUBLISHERS, name -> true);
  }

  @Test
  void readmeIsShort() throws IOException {
    assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThanOrEqualTo(README_LINES);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksResolve(DocsPage page) {
    page.assertLinksResolve();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void namedTestsExist(DocsPage page) throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src", "test", "java"))) {
      List<String> names = sources.map(file -> file.getFileName().toString()).toList();
      assertThat(
              page.codeSpans().stream()
                  .filter(code -> code.matches("[A-Z][A-Za-z]+(Test|IT)"))
                  .filter(code -> !names.contains(code + ".java")))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void commandLinesAreValid(DocsPage page) throws IOException {
    for (List<String> arguments : DocsCommands.retrain(page, directory)) {
      String[] words = RetrainPySpellings.translate(DocsCommands.withoutArgumentFiles(arguments));
      assertThatCode(() -> assertRunsACommand(commandLine().parseArgs(words)))
          .as("retrain %s", String.join(" ", arguments))
          .doesNotThrowAnyException();
    }
  }

  private static void assertRunsACommand(ParseResult parsed) {
    assertThat(parsed.hasSubcommand() || parsed.isUsageHelpRequested()).isTrue();
  }

  @Test
  void commandLinesAreFound() throws IOException {
    List<List<String>> all = new ArrayList<>();
    for (DocsPage page : pages()) {
      all.addAll(DocsCommands.retrain(page, directory));
    }
    assertThat(all)
        .contains(
            List.of("quickstart"),
            List.of("completion", "bash"),
            List.of("predict", "tmp/output_graph.pb", "-", "--null", "--json"),
            List.of("train", "--image-dir", "data/train"))
        .anySatisfy(arguments -> assertThat(arguments).contains("--test-files", "bt_*"))
        .hasSizeGreaterThan(30);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void mentionedOptionsExist(DocsPage page) {
    Set<String> known = new TreeSet<>(OTHER_OPTIONS);
    collectOptions(commandLine(), known);
    assertThat(
            page.codeSpans().stream()
                .filter(code -> code.matches("--[a-z].*"))
                .map(code -> RetrainPySpellings.translate(code.split("[ =\\[]", 2)[0])[0])
                .filter(option -> !known.contains(option)))
        .as(page.toString())
        .isEmpty();
  }

  private static void collectOptions(CommandLine command, Set<String> names) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      names.addAll(List.of(option.names()));
    }
    command.getSubcommands().values().forEach(below -> collectOptions(below, names));
  }

  /** Every key and value is checked, whichever command runs: a dry run here. */
  @ParameterizedTest
  @MethodSource("pages")
  void configurationFilesAreAccepted(DocsPage page) throws IOException {
    for (String block : page.blocks("yaml")) {
      Cli cli = dryRun(block);
      assertThat(cli.code()).as(cli.err()).isZero();
      assertThat(dryRun(block + "\nno-such-option: 1\n").code()).isEqualTo(USAGE_ERROR);
    }
  }

  private Cli dryRun(String configuration) throws IOException {
    Path images = directory.resolve("images");
    if (!Files.exists(images)) {
      SampleImages.write(images, 4, 1, Progress.NONE);
      for (String label : SampleImages.labels()) {
        Path folder = images.resolve(label);
        Files.move(folder.resolve(label + "_000.jpg"), folder.resolve("bt_0.jpg"));
      }
    }
    return Cli.run(
        "train",
        "--config",
        Files.writeString(directory.resolve("retrain.yaml"), configuration),
        "--dry-run",
        "--output-graph",
        directory.resolve("graph.pb"),
        "--output-labels",
        directory.resolve("labels.txt"),
        "--image-dir",
        images,
        "--bottleneck-dir",
        directory.resolve("cache"),
        "--model-dir",
        directory.resolve("models"));
  }
}
