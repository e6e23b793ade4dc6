package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SharedData;
import dev.retrain.testing.TestImages;
import dev.retrain.util.archive.TarExtractor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that the steps of the original retrain.py make in Python, with MobileNet. */
class RetrainPyModelTest {
  private static final List<String> LABELS = List.of("air plane", "bird", "automobile");

  /** Folders from which retrain.py makes these labels. */
  private static final Map<String, String> FOLDERS =
      Map.of("airplane", "Air_Plane", "automobile", "automobile", "bird", "BIRD");

  @TempDir private static Path directory;
  private static JsonNode python;

  @BeforeAll
  static void train() throws IOException {
    PythonClient client = PythonClient.require();
    Path cifar = directory.resolve("cifar");
    SharedData.cifar10(cifar, 6);
    Files.createDirectories(images());
    for (Map.Entry<String, String> folder : FOLDERS.entrySet()) {
      Files.move(cifar.resolve(folder.getKey()), images().resolve(folder.getValue()));
    }
    Files.write(images().resolve("BIRD/large.jpg"), TestImages.jpeg(TestImages.gradient(500, 300)));
    Path mobileNet = directory.resolve("frozen_graph.pb");
    TarExtractor.extract(
        SharedData.file("mobilenet_v1_0.25_224_frozen.tgz"), "frozen_graph.pb", mobileNet);
    python = client.run("retrain_py_model.py", "train", mobileNet, directory, images());
  }

  private static Path images() {
    return directory.resolve("images");
  }

  private static Path model(String style) {
    return directory.resolve(style).resolve("retrained_graph.pb");
  }

  private static void assertProbabilities(JsonNode expected, Map<String, Double> actual) {
    assertThat(actual).hasSameSizeAs(LABELS);
    for (int i = 0; i < LABELS.size(); i++) {
      assertThat(actual.get(LABELS.get(i))).isCloseTo(expected.get(i).asDouble(), within(1e-4));
    }
  }

  private static void assertPredictions(String style, String out) throws IOException {
    List<String> lines = out.lines().toList();
    assertThat(lines).hasSize(python.get(style).size());
    for (String line : lines) {
      JsonNode image = new ObjectMapper().readTree(line);
      Map<String, Double> found = new HashMap<>();
      image
          .get("predictions")
          .forEach(one -> found.put(one.get("label").asText(), one.get("probability").asDouble()));
      String path = image.has("path") ? image.get("path").asText() : image.get("image").asText();
      assertProbabilities(python.get(style).get(path), found);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "decoder | input Mul:0, images of 224 x 224, (value - 127.5) / 127.5 (the graph's own",
        "mobilenet | input input:0, images of 224 x 224, (value - 127.5) / 127.5 (the usual",
        "hub | input Placeholder:0, images of 224 x 224, (value - 0.0) / 255.0 (the graph rescales",
      })
  void predictEqualsPython(String style, String inferred) throws IOException {
    Cli cli = Cli.run("predict", model(style), images(), "--json", "--top", 3);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertPredictions(style, cli.out());
    // What was inferred is logged, and metadata makes that unnecessary.
    Cli described = Cli.run("models", "describe", model(style), "--write", "--json");
    assertThat(described.code()).as(described.err()).isZero();
    Path metadata = directory.resolve(style).resolve("retrained_graph.json");
    assertThat(described.json().get("model").get("summary").asText())
        .contains(inferred, "output final_result:0, 3 labels in", "retrained_labels.txt");
    try {
      Cli again = Cli.run("predict", model(style), images(), "--json", "--top", 3);
      assertThat(again.code()).as(again.err()).isZero();
      assertThat(again.out()).isEqualTo(cli.out());
      assertThat(Cli.run("predict", model(style), images(), "--mean", "1").err())
          .contains(metadata.toString(), "--mean can't be changed");
    } finally {
      Files.delete(metadata);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"decoder", "mobilenet", "hub"})
  void evaluateEqualsPython(String style) throws IOException {
    Cli cli =
        Cli.run(
            "evaluate",
            model(style),
            "--image-dir",
            images(),
            "--bottleneck-dir",
            directory.resolve("cache"),
            "--predictions",
            directory.resolve(style + ".csv"),
            "--json");
    assertThat(cli.code()).as(cli.err()).isZero();
    double correct = 0;
    double loss = 0;
    for (Map.Entry<String, JsonNode> image : python.get(style).properties()) {
      String folder = Path.of(image.getKey()).getParent().getFileName().toString();
      int actual = List.of("Air_Plane", "BIRD", "automobile").indexOf(folder);
      double[] row = new double[3];
      for (int i = 0; i < 3; i++) {
        row[i] = image.getValue().get(i).asDouble();
      }
      boolean isBest = Arrays.stream(row).max().orElseThrow() == row[actual];
      correct += isBest ? 1 : 0;
      loss -= Math.log(row[actual]);
    }
    int count = python.get(style).size();
    assertThat(cli.json().get("count").asInt()).isEqualTo(count).isEqualTo(19);
    assertThat(cli.json().get("accuracy").asDouble()).isCloseTo(correct / count, within(1e-9));
    assertThat(cli.json().get("loss").asDouble()).isCloseTo(loss / count, within(1e-3));
    assertThat(cli.json().get("seen_known").asBoolean()).isFalse();
  }

  @Test
  void exportEqualsPython() throws IOException {
    Path saved = directory.resolve("saved");
    Cli cli = Cli.run("export", model("decoder"), "--to", saved);
    assertThat(cli.code()).as(cli.err()).isZero();
    List<String> files = new ArrayList<>();
    python.get("decoder").fieldNames().forEachRemaining(files::add);
    List<Object> arguments = new ArrayList<>(List.of("serve", saved));
    arguments.addAll(files);
    JsonNode served = PythonClient.require().run("retrain_py_model.py", arguments.toArray());
    for (String file : files) {
      for (int i = 0; i < 3; i++) {
        assertThat(served.get(file).get(i).asDouble())
            .isCloseTo(python.get("decoder").get(file).get(i).asDouble(), within(1e-4));
      }
    }
  }

  @Test
  void reportIsWritten() throws IOException {
    Path html = directory.resolve("report.html");
    Cli cli =
        Cli.run(
            "report",
            model("hub"),
            "--image-dir",
            images(),
            "--bottleneck-dir",
            directory.resolve("cache"),
            "-o",
            html);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(Files.readString(html)).contains("Classifier of another program");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--labels LABELS4 | has 4 labels, but the output final_result:0 of",
        "--labels DOUBLE | line 2 repeats the label 'a'",
        "--labels GAP | line 2 is empty",
        "--labels GRAPH | is not a file of labels",
        "--output-layer nothing | has no operation 'nothing', which --output-layer refers to",
        "--output-layer final_training_ops/Wx_plus_b/add | not by a softmax",
        "--input nothing --size 224,224 | has no operation 'nothing', which --input refers to",
        "--std 0 | --std must be above 0",
        "--size 224 | --size must be HEIGHT,WIDTH",
        "--labels none.txt | --labels none.txt is not a file",
      })
  void wrongHintIsAnError(String options, String message) throws IOException {
    Path four = Files.writeString(directory.resolve("four.txt"), "a\nb\nc\nd\n");
    Path twice = Files.writeString(directory.resolve("double.txt"), "a\na\nc\n");
    Path gap = Files.writeString(directory.resolve("gap.txt"), "a\n\nc\n");
    List<Object> arguments = new ArrayList<>(List.of("predict", model("hub"), images()));
    for (String word : options.split(" ", -1)) {
      arguments.add(
          switch (word) {
            case "LABELS4" -> four;
            case "DOUBLE" -> twice;
            case "GAP" -> gap;
            case "GRAPH" -> model("hub");
            default -> word;
          });
    }
    Cli cli = Cli.run(arguments.toArray());
    assertThat(cli.code()).isIn(1, 2);
    assertThat(cli.err()).contains(message);
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void labelImagesOptionsAreAccepted() throws IOException {
    Cli cli =
        Cli.run(
            "predict",
            model("hub"),
            images(),
            "--json",
            "--top",
            3,
            "--input_layer=Placeholder",
            "--output_layer=final_result",
            "--input_mean=0",
            "--input_std=255",
            "--size=224,224",
            "--labels=" + directory.resolve("hub/retrained_labels.txt"));
    assertThat(cli.code()).as(cli.err()).isZero();
    assertPredictions("hub", cli.out());
  }

  @Test
  void labelsAreRequired() throws IOException {
    Path alone = Files.createDirectories(directory.resolve("alone")).resolve("my_graph.pb");
    Files.copy(model("hub"), alone);
    assertThat(Cli.run("predict", alone, images()).err())
        .contains("neither metadata nor labels", "my_labels.txt", "labels.txt", "--labels");
    assertThat(Cli.run("evaluate", model("hub")).err())
        .contains("unknown which images the model was trained on", "--image-dir");
    Files.writeString(
        alone.resolveSibling("my_labels.txt"), "\ufeffair plane\r\nbird\r\nautomobile");
    Cli cli = Cli.run("predict", alone, images(), "--json", "--top", 3);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertPredictions("hub", cli.out());
  }
}
