package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code export}. */
class ExportCommandTest {
  @TempDir private static Path shared;
  private static Path graph;

  @TempDir private Path directory;

  @BeforeAll
  static void train() throws IOException {
    Path images = shared.resolve("images");
    SampleImages.write(images, 8, 1, Progress.NONE);
    graph = shared.resolve("graph.pb");
    Cli cli =
        Cli.run(
            "train",
            "-i",
            images,
            "--bottleneck-dir",
            shared.resolve("cache"),
            "-b",
            "scattering",
            "--iterations",
            20,
            "-o",
            graph,
            "--output-labels",
            shared.resolve("labels.txt"),
            "--summaries-dir",
            shared.resolve("logs"),
            "--no-plots",
            "-q");
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  @Test
  void reportsTheSignatures() throws IOException {
    Path saved = directory.resolve("saved");
    Cli cli = Cli.run("export", graph, "--to", saved, "--json");
    assertThat(cli.code()).as(cli.err()).isZero();
    JsonNode json = cli.json();
    assertThat(json.get("directory").asText()).isEqualTo(saved.toString());
    assertThat(json.get("classes").asInt()).isEqualTo(SampleImages.labels().size());
    assertThat(json.get("bytes").asLong())
        .isGreaterThan(Files.size(saved.resolve("saved_model.pb")));
    assertThat(json.at("/signatures/0").toString())
        .isEqualTo(
            "{\"name\":\"serving_default\",\"input\":\"image_bytes\",\"type\":\"string\","
                + "\"shape\":[-1]}");
    assertThat(json.at("/signatures/1/name").asText()).isEqualTo("images");

    Cli text = Cli.run("export", graph, "--to", directory.resolve("again"));
    assertThat(text.out()).contains("serving_default", "image_bytes", "string [-1]");
  }

  @Test
  void existingSavedModelIsReplacedOnlyWithForce() throws IOException {
    Path saved = directory.resolve("saved");
    assertThat(Cli.run("export", graph, "--to", saved).code()).isZero();
    Path extra = Files.createFile(saved.resolve("variables/extra"));
    Files.createFile(saved.resolve(".DS_Store"));
    Cli cli = Cli.run("export", graph, "--to", saved);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains(saved.toString(), "--force");
    assertThat(extra).exists();
    assertThat(Cli.run("export", graph, "--to", saved, "--force").code()).isZero();
    assertThat(extra).doesNotExist();
  }

  @Test
  void foreignFilesAreNotReplaced() throws IOException {
    Path saved = directory.resolve("saved");
    assertThat(Cli.run("export", graph, "--to", saved).code()).isZero();
    Path notes = Files.writeString(saved.resolve("notes.txt"), "precious");
    Cli cli = Cli.run("export", graph, "--to", saved, "--force");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("'notes.txt'").hasLineCount(1);
    assertThat(notes).hasContent("precious");
  }

  @Test
  void otherDirectoryIsNotReplaced() throws IOException {
    Path thesis = Files.createFile(directory.resolve("thesis.tex"));
    Cli cli = Cli.run("export", graph, "--to", directory, "--force");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains(directory.toString());
    assertThat(thesis).exists();
    assertThat(directory).isDirectoryNotContaining(path -> !path.equals(thesis));
  }

  @Test
  void fileThatIsNoModelIsRejected() throws IOException {
    Cli missing = Cli.run("export", directory.resolve("none.pb"));
    assertThat(missing.code()).isEqualTo(2);
    Path alone = Files.copy(graph, directory.resolve("alone.pb"));
    Cli cli = Cli.run("export", alone, "--to", directory.resolve("saved"));
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("alone.json");
    assertThat(directory.resolve("saved")).doesNotExist();
  }
}
