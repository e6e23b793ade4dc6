package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SharedData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SavedModel of {@code export}, in Python's TensorFlow. */
class SavedModelIT {
  @TempDir private Path directory;

  private static Cli run(Object... arguments) {
    Cli cli = Cli.run(arguments);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli;
  }

  /** Real images in their own and in other formats. */
  private List<Path> images(Path folder) throws IOException {
    List<Path> images;
    try (Stream<Path> files = Files.list(folder)) {
      images = new ArrayList<>(files.sorted().limit(5).toList());
    }
    BufferedImage image = ImageIO.read(images.get(3).toFile());
    for (String format : List.of("png", "bmp", "gif")) {
      Path file = directory.resolve("other." + format);
      assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
      images.add(file);
    }
    return images;
  }

  @Test
  void everySignatureEqualsPredict() throws IOException {
    PythonClient python = PythonClient.require();
    Path folders = directory.resolve("images");
    SharedData.cifar10(folders, 20);
    Path graph = directory.resolve("model/graph.pb");
    run(
        "train",
        "--image-dir",
        folders,
        "--bottleneck-dir",
        directory.resolve("bottleneck"),
        "--model-dir",
        SharedData.mobileNetDirectory(directory.resolve("models")),
        "--backbone",
        "mobilenet_v1_0.25_224",
        "--iterations",
        100,
        "--output-graph",
        graph,
        "--output-labels",
        directory.resolve("model/labels.txt"),
        "--summaries-dir",
        directory.resolve("logs"),
        "--no-plots",
        "--quiet");
    Path saved = directory.resolve("saved");
    run("export", graph, "--to", saved);

    List<Path> images = images(folders.resolve("frog"));
    List<Object> arguments =
        new ArrayList<>(List.of(saved, 224, 224, 127.5, 127.5, "rgb", "stretch"));
    arguments.addAll(images);
    JsonNode theirs = python.run("saved_model.py", arguments.toArray());
    arguments = new ArrayList<>(List.of("predict", graph, "--json", "--top", 10));
    arguments.addAll(images);
    List<String> ours = run(arguments.toArray()).out().lines().toList();

    List<String> labels = Files.readAllLines(directory.resolve("model/labels.txt"));
    assertThat(theirs.get("labels")).extracting(JsonNode::asText).isEqualTo(labels);
    assertThat(theirs.get("signatures"))
        .extracting(JsonNode::asText)
        .containsExactly("images", "pictures", "serving_default");
    assertThat(theirs.get("assets")).hasSize(1);
    assertThat(Path.of(theirs.at("/assets/0").asText())).hasContent(String.join("\n", labels));
    assertThat(theirs.get("shown").asText())
        .contains("signature_def['serving_default']", "inputs['image_bytes']");
    assertThat(theirs.at("/probabilities/one")).hasSize(1);
    for (int i = 0; i < images.size(); i++) {
      JsonNode predictions = new ObjectMapper().readTree(ours.get(i)).get("predictions");
      assertThat(theirs.at("/label").get(i)).isEqualTo(predictions.get(0).get("label"));
      assertThat(predictions).hasSize(labels.size());
      for (JsonNode signature : theirs.get("probabilities")) {
        for (JsonNode prediction : i < signature.size() ? predictions : List.<JsonNode>of()) {
          assertThat(
                  signature.get(i).get(labels.indexOf(prediction.get("label").asText())).asDouble())
              .isCloseTo(prediction.get("probability").asDouble(), Offset.offset(1e-5));
        }
      }
    }
  }
}
