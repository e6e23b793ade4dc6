package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.BackboneSession;
import dev.retrain.backbone.signature.GraphSignature;
import dev.retrain.cli.Cli;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.testing.InceptionReplica;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SharedData;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica of the Inception graph of 2015: loaded, run in batches and trained on, like in Python.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InceptionReplicaIT {
  private Path directory;
  private Path graph;
  private Path images;

  @BeforeAll
  void build(@TempDir Path temporary) throws IOException {
    directory = temporary;
    images = directory.resolve("images");
    SharedData.cifar10(images, 6);
    graph = directory.resolve("replica.pb");
    try (OutputStream out = Files.newOutputStream(graph)) {
      InceptionReplica.build(1).writeTo(out);
    }
  }

  private List<Path> images(int count) throws IOException {
    try (Stream<Path> files = Files.walk(images)) {
      return files.filter(Files::isRegularFile).sorted().limit(count).toList();
    }
  }

  @Test
  void batchesEqualSingleImagesInPython() throws Exception {
    PythonClient python = PythonClient.require();
    Backbone backbone =
        BackboneLoader.load(
            graph,
            new GraphSignature(
                Optional.of("Mul"),
                List.of("pool_3"),
                Optional.of(new GraphSignature.Size(299, 299)),
                Optional.of(128f),
                Optional.of(128f)));
    List<Path> files = images(8);
    float[] vectors;
    try (BackboneSession session = new BackboneSession(backbone);
        ImageDecoder decoder = new ImageDecoder(backbone.preprocessing())) {
      assertThat(session.vectorLength()).isEqualTo(2048);
      vectors = session.vectors(decode(decoder, files));
    }
    List<Object> arguments = new ArrayList<>(List.of(graph, "DecodeJpeg/contents:0", "pool_3:0"));
    arguments.addAll(files);
    JsonNode theirs = python.run("run_graph.py", arguments.toArray());
    for (int i = 0; i < files.size(); i++) {
      double difference = 0;
      double norm = 0;
      for (int j = 0; j < 2048; j++) {
        double value = theirs.get(i).get(j).asDouble();
        difference += Math.pow(vectors[i * 2048 + j] - value, 2);
        norm += value * value;
      }
      assertThat(norm).isGreaterThan(1);
      assertThat(Math.sqrt(difference / norm)).isLessThan(1e-4);
    }
  }

  private static List<float[]> decode(ImageDecoder decoder, List<Path> files)
      throws IOException, UnreadableImageException {
    List<float[]> decoded = new ArrayList<>();
    for (Path file : files) {
      decoded.add(decoder.decode(Files.readAllBytes(file)));
    }
    return decoded;
  }

  @Test
  void trainedGraphAcceptsJpegContents() throws IOException {
    PythonClient python = PythonClient.require();
    Path output = directory.resolve("out/output_graph.pb");
    Cli cli =
        Cli.run(
            "train",
            "--image-dir",
            images,
            "--bottleneck-dir",
            directory.resolve("cache"),
            "--graph",
            graph,
            "--input",
            "Mul",
            "--bottleneck",
            "pool_3",
            "--size",
            "299,299",
            "--mean",
            128,
            "--std",
            128,
            "--iterations",
            30,
            "--output-graph",
            output,
            "--output-labels",
            directory.resolve("out/labels.txt"),
            "--summaries-dir",
            directory.resolve("out/logs"),
            "--no-plots",
            "--quiet",
            "--json");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.json().get("vector_length").asInt()).isEqualTo(2048);

    Path image = images(1).get(0);
    Cli predicted = Cli.run("predict", output, image, "--json", "--top", 10);
    List<String> labels = Files.readAllLines(directory.resolve("out/labels.txt"));
    JsonNode theirs =
        python.run("run_graph.py", output, "DecodeJpeg/contents:0", "final_result:0", image);
    JsonNode predictions = new ObjectMapper().readTree(predicted.out()).get("predictions");
    assertThat(predictions).hasSize(10);
    for (JsonNode prediction : predictions) {
      int index = labels.indexOf(prediction.get("label").asText());
      assertThat(prediction.get("probability").asDouble())
          .isCloseTo(
              theirs.get(0).get(index).asDouble(), org.assertj.core.data.Offset.offset(1e-4));
    }
  }
}
