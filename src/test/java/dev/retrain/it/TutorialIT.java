package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documentation's commands, run with the packaged jar on generated images. */
class TutorialIT {
  private static final String LABEL = SampleImages.labels().get(2);

  @TempDir private Path directory;
  @TempDir private Path scripts;

  /** Runs the commands of a page that start with one of some names; returns what they printed. */
  private List<String> run(String page, List<String> names) throws Exception {
    List<String> outputs = new ArrayList<>();
    for (List<String> arguments : DocsCommands.retrain(DocsPage.read(Path.of(page)), scripts)) {
      if (names.contains(arguments.get(0))) {
        RetrainJar.Result result =
            new RetrainJar(directory).run(DocsCommands.offline(arguments).toArray());
        assertThat(result.code()).as("%s%n%s", arguments, result.err()).isZero();
        outputs.add(result.out());
      }
    }
    return outputs;
  }

  /** Writes {@code photos}, and two new images of one class. */
  private void writePhotos() throws IOException {
    SampleImages.write(directory.resolve("photos"), 30, 1, Progress.NONE);
    SampleImages.write(scripts.resolve("new"), 2, 2, Progress.NONE);
    Path images = scripts.resolve("new").resolve(LABEL);
    Files.copy(images.resolve(LABEL + "_000.jpg"), directory.resolve("some.jpg"));
    ImageIO.write(
        ImageIO.read(images.resolve(LABEL + "_001.jpg").toFile()),
        "png",
        directory.resolve("other.png").toFile());
  }

  @Test
  void readmeFirstCommandsWork() throws Exception {
    writePhotos();
    List<String> names = List.of("quickstart", "train", "predict", "report");
    List<List<String>> commands =
        DocsCommands.retrain(DocsPage.read(Path.of("README.md")), scripts).stream()
            .filter(arguments -> names.contains(arguments.get(0)))
            .limit(4)
            .toList();
    assertThat(commands).extracting(command -> command.get(0)).isEqualTo(names);
    for (List<String> arguments : commands) {
      RetrainJar.Result result = new RetrainJar(directory).run(arguments.toArray());
      assertThat(result.code()).as("%s%n%s", arguments, result.err()).isZero();
    }
    assertThat(directory.resolve("tmp/quickstart/output_graph.pb")).isNotEmptyFile();
    assertThat(directory.resolve("tmp/output_graph.pb")).isNotEmptyFile();
    assertThat(directory.resolve("image/report.html")).isNotEmptyFile();
  }

  @Test
  void ownImagesTutorialAndExportWork() throws Exception {
    writePhotos();
    List<String> outputs =
        run("docs/tutorials/own-images.md", List.of("train", "evaluate", "report", "predict"));
    assertThat(outputs).hasSize(5);
    JsonNode metadata =
        new ObjectMapper().readTree(directory.resolve("tmp/output_graph.json").toFile());
    assertThat(metadata.at("/metrics/test_accuracy").asDouble()).isGreaterThan(0.7);
    assertThat(metadata.at("/data/images").asInt()).isEqualTo(30 * SampleImages.labels().size());
    assertThat(directory.resolve("image/accuracy_plot.png")).isNotEmptyFile();
    assertThat(directory.resolve("image/report.html")).isNotEmptyFile();
    assertThat(outputs.get(4)).contains("some.jpg", "other.png", LABEL);

    run("docs/how-to/export.md", List.of("export"));
    assertThat(directory.resolve("saved/saved_model.pb")).isNotEmptyFile();
  }
}
