package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.dataset.cifar.SampleArchive;
import dev.retrain.testing.PythonClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the CIFAR-10 tutorial, in an empty directory. */
class MissionIT {
  private static final int PER_BATCH = 20;

  @TempDir private Path temporary;
  private Path directory;

  @BeforeEach
  void linkJar() throws IOException {
    directory = Files.createDirectory(temporary.resolve("empty"));
    Files.createSymbolicLink(directory.resolve("retrain.jar"), RetrainJar.FILE);
  }

  @Test
  void downloadTrainAndTensorBoardWork() throws Exception {
    SampleArchive sample = new SampleArchive(1, PER_BATCH);
    try (Mirror mirror = new Mirror(temporary, sample)) {
      Path sources = mirror.sources();
      runLine(sources, "java -jar retrain.jar download");
      assertThat(images("train")).hasSize(6 * PER_BATCH).isEqualTo(images("train2"));
      assertThat(images("train")).containsExactlyElementsOf(sample.images().keySet());

      runLine(sources, "java -jar retrain.jar train --lr 0.01 --decay-steps 65");
      assertThat(directory.resolve("tmp/imagenet/inception_v3").resolve(Mirror.GRAPH))
          .hasBinaryContent(mirror.graph());
      assertThat(directory.resolve("image/accuracy_plot.png")).exists();
      assertThat(directory.resolve("image/loss_plot.png")).exists();
      JsonNode model =
          new ObjectMapper().readTree(directory.resolve("tmp/output_graph.json").toFile());
      assertThat(model.at("/metrics/iterations").asInt()).isEqualTo(2000);
      assertThat(model.get("labels")).hasSize(10);
      assertThat(model.at("/backbone/name").asText()).isEqualTo("inception_v3");
      assertThat(model.at("/backbone/vector_length").asInt()).isEqualTo(2048);
      assertThat(mirror.requests()).containsExactly("/" + Mirror.CIFAR, "/" + Mirror.INCEPTION);
    }
    JsonNode logs =
        PythonClient.require().run("read_events.py", directory.resolve("tmp/retrain_logs"));
    assertThat(logs.at("/train/scalars/accuracy")).hasSize(2000);
    assertThat(logs.at("/validation/scalars/accuracy")).hasSize(200);
    assertThat(logs.at("/server/scalars/validation"))
        .extracting(JsonNode::asText)
        .contains("accuracy");
    assertThat(logs.at("/server/graph_nodes").asInt()).isGreaterThan(500);
  }

  /** Runs a command line in the directory. */
  private void runLine(Path sources, String line) throws Exception {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", line).directory(directory.toFile());
    shell.environment().put("RETRAIN_SOURCES", sources.toString());
    shell
        .environment()
        .merge("PATH", System.getProperty("java.home") + "/bin:", (old, java) -> java + old);
    RetrainJar.Result result = new RetrainJar(directory).run(shell);
    assertThat(result.code()).as(result.err()).isZero();
  }

  private List<String> images(String folder) throws IOException {
    Path root = directory.resolve("data").resolve(folder);
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".png"))
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
