package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.report.HtmlReport;
import dev.retrain.report.SampleReport;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report command, on images of which one class has the name of an HTML element. */
class ReportCommandTest {
  @TempDir static Path directory;

  @BeforeAll
  static void train() throws IOException {
    Path images = directory.resolve("images");
    SampleImages.write(images, 20, 1, Progress.NONE);
    Path first = list(images).get(0);
    Files.move(first, first.resolveSibling(SampleReport.HOSTILE));
    Cli trained =
        Cli.run(
            "train",
            "--image-dir",
            images,
            "--backbone",
            "scattering",
            "--bottleneck-dir",
            directory.resolve("cache"),
            "--iterations",
            40,
            "--output-graph",
            model(),
            "--output-labels",
            directory.resolve("labels.txt"),
            "--summaries-dir",
            directory.resolve("logs"),
            "--no-plots",
            "--quiet");
    assertThat(trained.code()).as(trained.err()).isZero();
  }

  private static Path model() {
    return directory.resolve("graph.pb");
  }

  private static Cli report(Object... more) {
    return Cli.run(
        Stream.concat(
                Stream.of(
                    "report", model(), "--bottleneck-dir", directory.resolve("cache"), "--quiet"),
                Stream.of(more))
            .toArray());
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  @Test
  void reportShowsTheModelAndItsImages() throws IOException {
    Path file = directory.resolve("page").resolve("report.html");

    Cli cli = report("--output", file, "--json");

    assertThat(cli.code()).as(cli.err()).isZero();
    JsonNode result = cli.json();
    assertThat(result.get("report").asText()).isEqualTo(file.toString());
    assertThat(result.get("bytes").asLong()).isEqualTo(Files.size(file));
    JsonNode model = new ObjectMapper().readTree(directory.resolve("graph.json").toFile());
    assertThat(result.get("accuracy").asDouble())
        .isEqualTo(model.at("/metrics/test_accuracy").asDouble());
    int tests = model.at("/data/test").asInt();
    assertThat(result.get("count").asInt()).isEqualTo(tests);
    assertThat(result.get("images").asInt()).isEqualTo(tests);

    String html = Files.readString(file);
    assertThat(html)
        .contains(model.get("graph_sha256").asText(), model.at("/data/fingerprint").asText())
        .contains("Seed", "word\">train</span>", "word\">report</span>")
        .contains("&lt;img src=x onerror=alert(1)&gt;")
        .doesNotContain("<img src=x")
        .doesNotContain("Hyperparameter sweep");
    JsonNode data = data(html);
    assertThat(data.at("/curves/iteration"))
        .hasSize(model.at("/metrics/history/iterations").size());
    assertThat(data.at("/curves/validation/accuracy"))
        .isEqualTo(model.at("/metrics/history/validation_accuracy"));
    assertThat(data.get("images")).hasSize(tests);
  }

  @Test
  void reportWithoutImagesHasNoJpeg() throws IOException {
    Path file = directory.resolve("small.html");

    Cli cli = report("-o", file, "--max-pictures", 0, "--json");

    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.json().get("images").asInt()).isZero();
    assertThat(Files.readString(file)).doesNotContain("image/jpeg;base64,/");
  }

  @Test
  void reportShowsTheSettingsOfASweep() throws IOException {
    Path sweep = directory.resolve("sweep");
    Cli swept =
        Cli.run(
            "sweep",
            "--image-dir",
            directory.resolve("images"),
            "--backbone",
            "scattering",
            "--bottleneck-dir",
            directory.resolve("cache"),
            "--iterations",
            20,
            "--lr",
            "0.1,0.001",
            "--decay-steps",
            "5,50",
            "--seed",
            "1,2",
            "--output-graph",
            sweep.resolve("graph.pb"),
            "--output-labels",
            sweep.resolve("labels.txt"),
            "--summaries-dir",
            sweep.resolve("logs"),
            "--no-plots",
            "--quiet",
            "--json");
    assertThat(swept.code()).as(swept.err()).isZero();
    Path file = directory.resolve("sweep.html");

    Cli cli =
        Cli.run(
            "report",
            sweep.resolve("graph.pb"),
            "--bottleneck-dir",
            directory.resolve("cache"),
            "-o",
            file,
            "--max-pictures",
            0,
            "--quiet");

    assertThat(cli.code()).as(cli.err()).isZero();
    String html = Files.readString(file);
    JsonNode best = swept.json().at("/settings/0");
    assertThat(html)
        .contains("8 runs of 4 settings")
        .contains(
            "lr %s, decay_steps %s"
                .formatted(
                    best.at("/options/lr").asText(), best.at("/options/decay_steps").asText()))
        .contains("by lr (rows) and decay_steps (columns)")
        // The mean of every setting, as in the result of the sweep.
        .contains(
            swept.json().get("settings").findValues("validation_accuracy").stream()
                .map(accuracy -> "<td>%.2f".formatted(100 * accuracy.get("mean").asDouble()))
                .toArray(CharSequence[]::new));
  }

  @Test
  void invalidArgumentsAreUsageErrors() {
    Cli negative = report("--max-pictures", -1);
    assertThat(negative.code()).isEqualTo(2);
    assertThat(negative.err()).contains("-1");
    Cli folder = report("--output", directory);
    assertThat(folder.code()).isEqualTo(2);
    assertThat(folder.err()).contains(directory.toString());
    Path absent = directory.resolve("nothing.pb");
    Cli nowhere = Cli.run("report", absent);
    assertThat(nowhere.code()).isEqualTo(2);
    assertThat(nowhere.err()).contains(absent.toString());
  }

  @Test
  void earlierReportIsOverwrittenWithoutForce() throws IOException {
    Path file = directory.resolve("again.html");
    Files.createFile(file);

    Cli empty = report("-o", file, "--max-images", 0);
    Cli earlier = report("-o", file, "--max-images", 0, "--json");

    assertThat(empty.code()).as(empty.err()).isZero();
    assertThat(earlier.code()).as(earlier.err()).isZero();
    assertThat(earlier.json().get("bytes").asLong()).isEqualTo(Files.size(file));
  }

  @Test
  void fileThatIsNotAReportIsOverwrittenOnlyWithForce() throws IOException {
    Path file = Files.writeString(directory.resolve("notes.html"), "<p>notes</p>");

    Cli refused = report("-o", file, "--max-images", 0);

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains(file.toString(), "--force");
    assertThat(file).hasContent("<p>notes</p>");

    Cli forced = report("-o", file, "--max-images", 0, "--force");

    assertThat(forced.code()).as(forced.err()).isZero();
    assertThat(HtmlReport.isReport(file)).isTrue();
  }

  @Test
  void modelIsNotOverwrittenEvenWithForce() throws IOException {
    byte[] graph = Files.readAllBytes(model());

    Cli cli = report("-o", model(), "--force");

    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains(model().toString());
    assertThat(model()).hasBinaryContent(graph);
  }

  private static JsonNode data(String html) throws IOException {
    String start = "<script type=\"application/json\" id=\"data\">";
    int from = html.indexOf(start) + start.length();
    return new ObjectMapper().readTree(html.substring(from, html.indexOf("</script>", from)));
  }
}
