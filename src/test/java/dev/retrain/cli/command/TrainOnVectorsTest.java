package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.PythonClient;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

/** {@code train --vectors}. */
class TrainOnVectorsTest {
  private static final int PER_CLASS = 10;
  private static final int LENGTH = 723;

  @TempDir private static Path shared;
  @TempDir private Path directory;
  private Path text;

  /** A model of images, and their vectors as text. */
  @BeforeAll
  static void trainOnImages() throws IOException {
    Path images = shared.resolve("images");
    SampleImages.write(images, PER_CLASS, 1, Progress.NONE);
    Object[] source = {
      "-i", images, "--bottleneck-dir", shared.resolve("cache"), "-b", "scattering", "-q"
    };
    assertOk(Cli.run(arguments(shared.resolve("of images"), source)));
    assertOk(
        Cli.run(
            Stream.of(new Object[] {"bottleneck", "export", shared.resolve("text")}, source)
                .flatMap(Stream::of)
                .toArray()));
  }

  @BeforeEach
  void copy() throws IOException {
    text = directory.resolve("text");
    PathUtils.copyDirectory(shared.resolve("text"), text);
  }

  private static void assertOk(Cli cli) {
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  private static Object[] arguments(Path to, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--iterations",
                60,
                "--json",
                "--output-graph",
                to.resolve("graph.pb"),
                "--output-labels",
                to.resolve("labels.txt"),
                "--summaries-dir",
                to.resolve("logs"),
                "--plots-dir",
                to.resolve("image")));
    arguments.addAll(List.of(more));
    return arguments.toArray();
  }

  private Cli train(Object... more) {
    return Cli.run(
        arguments(
            directory.resolve("model"),
            Stream.of(new Object[] {"--vectors", text, "-q"}, more).flatMap(Stream::of).toArray()));
  }

  private JsonNode description() throws IOException {
    return new ObjectMapper().readTree(directory.resolve("model/graph.json").toFile());
  }

  private static GraphDef graph(Path directory) throws IOException {
    return GraphDef.parseFrom(Files.readAllBytes(directory.resolve("graph.pb")));
  }

  private static NodeDef node(GraphDef graph, String name) {
    return graph.getNodeList().stream()
        .filter(node -> node.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static float[] constant(GraphDef graph, String name) {
    var floats =
        node(graph, name)
            .getAttrOrThrow("value")
            .getTensor()
            .getTensorContent()
            .asReadOnlyByteBuffer()
            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] values = new float[floats.remaining()];
    floats.get(values);
    return values;
  }

  @Test
  void vectorsGiveTheSameLayerAsImages() throws IOException {
    assertOk(train());
    GraphDef ofVectors = graph(directory.resolve("model"));
    GraphDef ofImages = graph(shared.resolve("of images"));
    for (String name : List.of("final_layer/weights", "final_layer/biases")) {
      assertThat(node(ofVectors, name)).isEqualTo(node(ofImages, name));
    }
    assertThat(directory.resolve("model/labels.txt"))
        .hasSameTextualContentAs(shared.resolve("of images/labels.txt"));
  }

  @Test
  void graphComputesSoftmaxOfVectors() throws IOException {
    assertOk(train());
    GraphDef definition = graph(directory.resolve("model"));
    assertThat(definition.getNodeList())
        .extracting(NodeDef::getName)
        .contains("input/BottleneckInputPlaceholder", "final_result")
        .doesNotContain("bottleneck");
    float[] weights = constant(definition, "final_layer/weights");
    float[] biases = constant(definition, "final_layer/biases");
    int rows = 3;
    float[] x = new float[rows * LENGTH];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) Math.sin(i) * 3;
    }
    float[] out = new float[rows * biases.length];
    try (Graph graph = new Graph()) {
      graph.importGraphDef(definition);
      try (Session session = new Session(graph);
          TFloat32 fed = TFloat32.tensorOf(Shape.of(rows, LENGTH), DataBuffers.of(x));
          Result result =
              session
                  .runner()
                  .feed("input/BottleneckInputPlaceholder:0", fed)
                  .fetch("final_result:0")
                  .run()) {
        ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(out);
      }
    }
    for (int row = 0; row < rows; row++) {
      double[] exponents = new double[biases.length];
      for (int c = 0; c < exponents.length; c++) {
        double logit = biases[c];
        for (int i = 0; i < LENGTH; i++) {
          logit += (double) x[row * LENGTH + i] * weights[i * biases.length + c];
        }
        exponents[c] = Math.exp(logit);
      }
      double sum = Arrays.stream(exponents).sum();
      for (int c = 0; c < exponents.length; c++) {
        assertThat((double) out[row * exponents.length + c])
            .isCloseTo(exponents[c] / sum, within(1e-4));
      }
    }
  }

  @Test
  void hiddenLayersAreExported() throws IOException {
    Object[] options = {
      "--hidden-units",
      "16,8",
      "--dropout",
      "0.2",
      "--optimizer",
      "sgd",
      "--lr",
      "0.05",
      "--schedule",
      "cosine",
      "--weight-decay",
      "0.01",
      "--label-smoothing",
      "0.1"
    };
    assertOk(train(options));
    GraphDef first = graph(directory.resolve("model"));
    assertOk(train(Stream.concat(Stream.of(options), Stream.of("--force")).toArray()));
    assertThat(graph(directory.resolve("model"))).isEqualTo(first);
    assertThat(description().at("/options/hidden_units").asText()).isEqualTo("16,8");
    assertThat(description().at("/options/schedule").asText()).isEqualTo("cosine");

    JsonNode run =
        PythonClient.require()
            .run(
                "run_layer.py",
                directory.resolve("model/graph.pb"),
                "input/BottleneckInputPlaceholder:0",
                "final_result:0",
                "hidden_1/weights:0,hidden_2/weights:0,final_layer/weights:0",
                "hidden_1/biases:0,hidden_2/biases:0,final_layer/biases:0",
                text.resolve("dots/dots_000.jpg_scattering.txt"),
                text.resolve("checks/checks_003.jpg_scattering.txt"));

    assertThat(constant(first, "hidden_1/weights")).hasSize(LENGTH * 16);
    assertThat(run.get("graph")).hasSize(2);
    for (int row = 0; row < 2; row++) {
      for (int c = 0; c < 6; c++) {
        assertThat(run.get("graph").get(row).get(c).asDouble())
            .isCloseTo(run.get("by_hand").get(row).get(c).asDouble(), within(1e-5));
      }
    }
  }

  @Test
  void epochsReplaceIterations() throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of(arguments(directory.resolve("model"), "--vectors", text, "-q", "--epochs", 3)));
    assertThat(arguments.subList(1, 3)).containsExactly("--iterations", 60);
    Cli both = Cli.run(arguments.toArray());
    arguments.subList(1, 3).clear();
    Cli epochs = Cli.run(arguments.toArray());

    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).contains("--iterations", "--epochs");
    assertOk(epochs);
    assertThat(epochs.json().get("iterations").asInt()).isEqualTo(3);
    assertThat(description().at("/options/epochs").asText()).isEqualTo("3");
    assertThat(description().at("/options").has("iterations")).isFalse();
  }

  @Test
  void conflictingOptionsAreUsageErrors() {
    List<List<Object>> conflicting =
        List.of(
            List.of("--momentum", "0.5"),
            List.of("--decay-steps", "3", "--schedule", "cosine"),
            List.of("--decay-rate", "0.5", "--schedule", "constant"),
            List.of("--dropout", "0.5"),
            List.of("--hidden-units", "0"),
            List.of("--hidden-units", "8,-1"),
            List.of("--label-smoothing", "1"),
            List.of("--optimizer", "adagrad"));
    for (List<Object> options : conflicting) {
      Cli cli = train(options.toArray());
      assertThat(cli.code()).as(options.toString()).isEqualTo(2);
      String word = options.get(0).toString().substring(2);
      assertThat(cli.err().replace(' ', '-')).contains(word);
    }
  }

  @Test
  void metadataDeclaresVectorInput() throws IOException {
    assertOk(train());
    JsonNode description = description();
    assertThat(description.get("input"))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    "{\"kind\":\"vectors\",\"tensor\":\"input/BottleneckInputPlaceholder:0\","
                        + "\"length\":723}"));
    assertThat(description.has("backbone")).isFalse();
    assertThat(description.at("/data/directory").asText()).isEqualTo(text.toString());
    assertThat(description.at("/data/images").asInt()).isEqualTo(6 * PER_CLASS);
    assertThat(description.get("options").has("vectors")).isTrue();
    for (String conflicting : List.of("backbone", "image_dir", "bottleneck_dir", "features")) {
      assertThat(description.get("options").has(conflicting)).as(conflicting).isFalse();
    }
  }

  @Test
  void eventsAndPlotsAreWritten() {
    assertOk(train());
    assertThat(directory.resolve("model/logs/train")).isNotEmptyDirectory();
    assertThat(directory.resolve("model/logs/validation")).isNotEmptyDirectory();
    assertThat(directory.resolve("model/image/accuracy_plot.png")).isNotEmptyFile();
  }

  @Test
  void predictRejectsModelOfVectors() throws IOException {
    assertOk(train());
    Path image = shared.resolve("images/dots/dots_000.jpg");
    Cli cli = Cli.run("predict", directory.resolve("model/graph.pb"), image);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err().lines()).singleElement().asString().contains("graph.pb");
  }

  @Test
  void corruptVectorFilesAreSkippedAndCounted() throws IOException {
    Path cut = text.resolve("dots/dots_004.jpg_scattering.txt");
    String whole = Files.readString(cut);
    Files.writeString(cut, whole.substring(0, whole.indexOf(',', whole.length() / 2)));
    Path first = text.resolve("checks/checks_000.jpg_scattering.txt");
    Files.writeString(first, "1.0,2.0,nan");
    Cli cli = train();
    assertOk(cli);
    assertThat(cli.json().get("skipped").asInt()).isEqualTo(2);
    assertThat(cli.json().get("images").asInt()).isEqualTo(6 * PER_CLASS - 2);
    assertThat(cli.json().get("vector_length").asInt()).isEqualTo(LENGTH);
    JsonNode skipped = cli.json().get("skipped_images");
    assertThat(skipped)
        .map(node -> node.get("path").asText())
        .containsExactlyInAnyOrder(cut.toString(), first.toString());
    assertThat(skipped)
        .map(node -> node.get("reason").asText())
        .anyMatch(reason -> reason.contains("'nan'"))
        .anyMatch(reason -> reason.contains("723"));
    Cli strict = train("--strict", "--force");
    assertThat(strict.code()).isEqualTo(1);
    assertThat(strict.err()).contains("--strict");
  }

  @Test
  void tooManyCorruptVectorFilesFail() throws IOException {
    for (int i = 0; i < 7; i++) {
      Files.writeString(text.resolve("dots/dots_00%d.jpg_scattering.txt".formatted(i)), "0.5");
    }
    Cli cli = train();
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("7 of 60");
    assertThat(directory.resolve("model/graph.pb")).doesNotExist();
  }

  @Test
  void architectureSelectsAmongSeveral() throws IOException {
    Files.writeString(text.resolve("dots/dots_000.jpg_other.txt"), "0.5");
    Cli cli = train();
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("'scattering'", "60", "--architecture");
    assertOk(train("--architecture", "scattering"));
    assertThat(description().at("/options/architecture").asText()).isEqualTo("scattering");
  }

  @Test
  void testFilesMatchImageNames() throws IOException {
    Cli cli = train("--test-files", "*_00[01].jpg");
    assertOk(cli);
    assertThat(cli.json().get("test_count").asInt()).isEqualTo(12);
  }

  @Test
  void imageOptionsConflictWithVectors() {
    List<List<Object>> conflicting =
        List.of(
            List.of("--image-dir", shared.resolve("images")),
            List.of("--bottleneck-dir", directory),
            List.of("--backbone", "scattering"),
            List.of("--features", "multi"),
            List.of("--graph", "net.pb"),
            List.of("--bottleneck", "pool:0"),
            List.of("--model-dir", directory));
    for (List<Object> options : conflicting) {
      Cli cli = train(options.toArray());
      assertThat(cli.code()).as(options.toString()).isEqualTo(2);
      assertThat(cli.err()).contains(options.get(0).toString()).contains("--vectors");
    }
    text = directory.resolve("none");
    assertThat(train().code()).isEqualTo(2);
  }

  @Test
  void architectureMeansBackboneForImages() {
    Cli cli = Cli.run("train", "-i", shared.resolve("images"), "--architecture", "resnet");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--backbone", "'resnet'");
  }
}
