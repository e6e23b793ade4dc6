package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.PythonClient;
import dev.retrain.testing.SmallNetwork;
import dev.retrain.testing.TextClusters;
import dev.retrain.util.Progress;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TensorBoard's HPARAMS and PROJECTOR tabs. */
class TensorBoardPluginsTest {
  private static final int PER_CLASS = 10;
  private static final int CLASSES = 6;
  private static final int LENGTH = 723;

  @TempDir private Path directory;

  private Path logs() {
    return directory.resolve("logs");
  }

  private void run(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--output-graph",
            directory.resolve("graph.pb"),
            "--output-labels",
            directory.resolve("labels.txt"),
            "--summaries-dir",
            logs(),
            "--no-plots",
            "-q"));
    Cli cli = Cli.run(all.toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  @Test
  void everySweepRunIsASession() throws IOException {
    PythonClient python = PythonClient.require();
    Path text = directory.resolve("text");
    TextClusters.write(text, 150);
    run("sweep", "--vectors", text, "--lr", "0.01,0.1,1e38", "--seed", "1,2", "--iterations", 30);

    JsonNode board = python.run("read_plugins.py", logs(), 6, "none");

    Map<String, JsonNode> infos = new HashMap<>();
    board.at("/experiment/hparamInfos").forEach(info -> infos.put(info.get("name").asText(), info));
    assertThat(infos.get("lr").get("type").asText()).isEqualTo("DATA_TYPE_FLOAT64");
    assertThat(infos.get("lr").get("domainDiscrete"))
        .map(JsonNode::asDouble)
        .containsExactlyInAnyOrder(0.01, 0.1, 1e38);
    assertThat(infos.get("seed").get("domainDiscrete"))
        .map(JsonNode::asInt)
        .containsExactlyInAnyOrder(1, 2);
    assertThat(infos.get("no_standardize").get("type").asText()).isEqualTo("DATA_TYPE_BOOL");

    Set<String> seen = new HashSet<>();
    for (JsonNode group : board.get("groups")) {
      JsonNode session = group.get("sessions").get(0);
      String name = Path.of(session.get("name").asText()).getParent().toString();
      seen.add(name);
      JsonNode run =
          new ObjectMapper().readTree(logs().resolve(name).resolve("sweep_run.json").toFile());
      assertThat(group.at("/hparams/lr").asDouble()).isEqualTo(run.at("/options/lr").asDouble());
      assertThat(group.at("/hparams/iterations").asInt()).isEqualTo(30);
      boolean failed = run.has("failure");
      assertThat(session.get("status").asText())
          .isEqualTo(failed ? "STATUS_FAILURE" : "STATUS_SUCCESS");
      if (!failed) {
        double last = metric(session.get("metricValues"), "accuracy").get("value").asDouble();
        assertThat(last)
            .isLessThanOrEqualTo(run.at("/figures/validation_accuracy").asDouble() + 1e-6)
            .isPositive();
        assertThat(metric(session.get("metricValues"), "accuracy").get("trainingStep").asInt())
            .isEqualTo(30);
      }
    }
    // Only the best run is tested.
    assertThat(names(board.get("images"))).containsExactly(bestRun() + "/test");
    assertThat(seen)
        .containsExactlyInAnyOrder(
            "lr=0.01,seed=1",
            "lr=0.01,seed=2",
            "lr=0.1,seed=1",
            "lr=0.1,seed=2",
            "lr=1.0E38,seed=1",
            "lr=1.0E38,seed=2");
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The run whose options the model's metadata contains. */
  private String bestRun() throws IOException {
    JsonNode options =
        new ObjectMapper().readTree(directory.resolve("graph.json").toFile()).get("options");
    return "lr=%s,seed=%s".formatted(options.get("lr").asText(), options.get("seed").asText());
  }

  private static JsonNode metric(JsonNode values, String tag) {
    for (JsonNode value : values) {
      if (value.at("/name/tag").asText().equals(tag)) {
        return value;
      }
    }
    throw new AssertionError(tag + " is not among " + values);
  }

  @Test
  void projectorShowsVectorsWithMetadataAndThumbnails() throws IOException {
    PythonClient python = PythonClient.require();
    Path images = directory.resolve("images");
    SampleImages.write(images, PER_CLASS, 1, Progress.NONE);
    run(
        "train",
        "-i",
        images,
        "-b",
        "scattering",
        "--bottleneck-dir",
        directory.resolve("cache"),
        "--iterations",
        20,
        "--lr",
        "0.03",
        "--embedding");

    JsonNode board = python.run("read_plugins.py", logs(), 1, "train");

    assertThat(board.at("/groups/0/hparams/lr").asDouble()).isEqualTo(0.03);
    assertThat(board.at("/groups/0/sessions/0/status").asText()).isEqualTo("STATUS_SUCCESS");
    JsonNode projector = board.get("projector");
    assertThat(projector.at("/config/embeddings/0/tensorShape"))
        .map(JsonNode::asInt)
        .containsExactly(CLASSES * PER_CLASS, LENGTH);
    JsonNode confusion = board.at("/images/test/confusion_matrix");
    JsonNode metadata = new ObjectMapper().readTree(directory.resolve("graph.json").toFile());
    assertThat(confusion.get("step")).isEqualTo(metadata.at("/metrics/best_iteration"));
    assertThat(confusion.at("/size/0").asInt()).isGreaterThanOrEqualTo(640);
    assertVectors(projector);
    assertMetadata(projector.get("metadata"), images);
    int side = 64;
    assertThat(projector.at("/sprite/size"))
        .map(JsonNode::asInt)
        .containsExactly(8 * side, 8 * side);
    BufferedImage sprite = ImageIO.read(logs().resolve("train/embedding/sprite.png").toFile());
    // 60 thumbnails and four blank squares.
    assertThat(sprite.getRGB(8 * side - 1, 8 * side - 1)).isEqualTo(0xFFFFFFFF);
    assertThat(sprite.getRGB(3 * side + side / 2, 7 * side + side / 2)).isNotEqualTo(0xFFFFFFFF);
  }

  @Test
  void optionsOfFineTuningAreHyperparameters() throws IOException {
    PythonClient python = PythonClient.require();
    Path images = directory.resolve("images");
    SampleImages.write(images, PER_CLASS, 1, Progress.NONE);
    Path network = SmallNetwork.write(directory.resolve("small.pb"));
    Path cache = directory.resolve("cache");
    run("train", "-i", images, "--graph", network, "--bottleneck-dir", cache, "--iterations", 20);
    assertThat(names(python.run("read_plugins.py", logs(), 1, "none").at("/groups/0/hparams")))
        .contains("lr")
        .noneMatch(name -> name.contains("fine_tune"));

    run(
        "train",
        "-i",
        images,
        "--graph",
        network,
        "--bottleneck-dir",
        cache,
        "--iterations",
        20,
        "--force",
        "--fine-tune",
        "--fine-tune-epochs",
        2,
        "--fine-tune-lr",
        "0.003",
        "--fine-tune-layers",
        "all",
        "--distort",
        "flip,shift=0.1",
        "--checkpoint-minutes",
        3);

    JsonNode shown = python.run("read_plugins.py", logs(), 1, "none").at("/groups/0/hparams");
    assertThat(shown.path("iterations").asInt()).isEqualTo(20);
    assertThat(shown.path("fine_tune").asBoolean()).isTrue();
    assertThat(shown.path("fine_tune_epochs").asInt()).isEqualTo(2);
    assertThat(shown.path("fine_tune_lr").asDouble()).isEqualTo(0.003);
    assertThat(shown.path("fine_tune_layers").asText()).isEqualTo("all");
    assertThat(shown.path("distort").asText()).isEqualTo("flip,shift=0.1");
    assertThat(shown.path("fine_tune_optimizer").asText()).isEqualTo("adamw");
    // They have no effect on the result, or none with these options.
    assertThat(names(shown)).doesNotContain("checkpoint_minutes", "resume", "momentum");
  }

  private void assertVectors(JsonNode projector) throws IOException {
    FloatBuffer floats =
        ByteBuffer.wrap(Files.readAllBytes(logs().resolve("train/embedding/vectors.bytes")))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    double first = 0;
    double last = 0;
    for (int i = 0; i < LENGTH; i++) {
      first += floats.get(i);
      last += floats.get(floats.limit() - LENGTH + i);
    }
    assertThat(projector.get("first").asDouble()).isCloseTo(first, within(1e-9));
    assertThat(projector.get("last").asDouble()).isCloseTo(last, within(1e-9));
  }

  private static void assertMetadata(JsonNode metadata, Path images) {
    assertThat(metadata).hasSize(1 + CLASSES * PER_CLASS);
    assertThat(metadata.get(0))
        .map(JsonNode::asText)
        .containsExactly("label", "predicted", "partition", "name");
    Map<String, Integer> partitions = new HashMap<>();
    int correct = 0;
    for (int i = 1; i < metadata.size(); i++) {
      JsonNode row = metadata.get(i);
      String label = row.get(0).asText();
      assertThat(images.resolve(label).resolve(row.get(3).asText())).isRegularFile();
      correct += row.get(1).asText().equals(label) ? 1 : 0;
      partitions.merge(row.get(2).asText(), 1, Integer::sum);
    }
    assertThat(correct).isGreaterThan(CLASSES * PER_CLASS / 2);
    assertThat(partitions).containsOnlyKeys("training", "validation", "test");
  }
}
