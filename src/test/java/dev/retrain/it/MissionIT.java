package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.dataset.cifar.SampleArchive;
import dev.retrain.testing.FileServer;
import dev.retrain.testing.InceptionReplica;
import dev.retrain.testing.PythonClient;
import dev.retrain.util.io.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tool's three commands as they are typed, in an empty directory, from nothing. */
class MissionIT {
  private static final String CIFAR = "cifar-10-binary.tar.gz";
  private static final String INCEPTION = "inception-2015-12-05.tgz";
  private static final String GRAPH = "classify_image_graph_def.pb";
  private static final int PER_BATCH = 20;

  @TempDir Path temporary;
  private Path directory;

  @BeforeEach
  void installTheJar() throws IOException {
    directory = Files.createDirectory(temporary.resolve("empty"));
    Files.createSymbolicLink(
        directory.resolve("retrain.jar"),
        Path.of(System.getProperty("retrain.jar")).toAbsolutePath());
  }

  @Test
  void downloadTrainTensorBoard() throws Exception {
    SampleArchive sample = new SampleArchive(1, PER_BATCH);
    byte[] cifar = Files.readAllBytes(sample.write(temporary.resolve(CIFAR)));
    byte[] graph = InceptionReplica.build(1).toByteArray();
    byte[] inception = inceptionArchive(graph);
    try (FileServer server = new FileServer()) {
      Path mirror =
          Files.writeString(
              temporary.resolve("mirror.properties"),
              String.join(
                  "\n",
                  CIFAR + ".url=" + server.put("/kriz/" + CIFAR, cifar, Map.of()),
                  CIFAR + ".sha256=" + Sha256.sha256(cifar),
                  INCEPTION + ".url=" + server.put("/models/" + INCEPTION, inception, Map.of()),
                  INCEPTION + ".sha256=" + Sha256.sha256(inception),
                  GRAPH + ".sha256=" + Sha256.sha256(graph)));

      type(mirror, "java -jar retrain.jar download");
      assertThat(images("train")).hasSize(6 * PER_BATCH).isEqualTo(images("train2"));
      assertThat(images("train")).containsExactlyElementsOf(sample.images().keySet());

      String said = type(mirror, "java -jar retrain.jar train --lr 0.01 --decay-steps 65");
      assertThat(said).contains("test accuracy").contains("2,000").contains("10 classes");
      assertThat(directory.resolve("tmp/imagenet/inception_v3").resolve(GRAPH))
          .hasBinaryContent(graph);
      assertThat(directory.resolve("image/accuracy_plot.png")).exists();
      assertThat(directory.resolve("image/loss_plot.png")).exists();
      JsonNode model =
          new ObjectMapper().readTree(directory.resolve("tmp/output_graph.json").toFile());
      assertThat(model.at("/backbone/name").asText()).isEqualTo("inception_v3");
      assertThat(model.at("/backbone/vector_length").asInt()).isEqualTo(2048);
      assertThat(server.requests())
          .extracting(FileServer.Request::target)
          .containsExactly("/kriz/" + CIFAR, "/models/" + INCEPTION);
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

  /** Types a line in the directory; what it printed. */
  private String type(Path mirror, String line) throws Exception {
    Path out = Files.createTempFile(temporary, "out", "");
    Path err = Files.createTempFile(temporary, "err", "");
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", line).directory(directory.toFile());
    shell.environment().put("RETRAIN_SOURCES", mirror.toString());
    shell
        .environment()
        .merge("PATH", System.getProperty("java.home") + "/bin:", (old, java) -> java + old);
    Process process = shell.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    return Files.readString(out);
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

  /** The archive as it was published: the graph among other files. */
  private static byte[] inceptionArchive(byte[] graph) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
      add(tar, GRAPH, graph);
      add(tar, "LICENSE", "Apache".getBytes(StandardCharsets.UTF_8));
      add(tar, "imagenet_synset_to_human_label_map.txt", new byte[1000]);
    }
    return out.toByteArray();
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
