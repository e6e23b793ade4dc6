package dev.retrain.cli.option.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.util.Progress;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options that choose feature vectors: layers, grids, horizontal flips. */
class BackboneOptionsTest {
  @TempDir private Path directory;

  @BeforeEach
  void draw() throws IOException {
    SampleImages.write(directory.resolve("images"), 3, 1, Progress.NONE);
  }

  private Cli run(String command, Object... options) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                command,
                "--backbone",
                "scattering",
                "--image-dir",
                directory.resolve("images"),
                "--bottleneck-dir",
                directory.resolve("cache"),
                "--quiet",
                "--json"));
    arguments.addAll(List.of(options));
    return Cli.run(arguments.toArray());
  }

  private JsonNode ok(String command, Object... options) throws IOException {
    Cli cli = run(command, options);
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  private Path train(String name, Object... options) throws IOException {
    Path graph = directory.resolve(name).resolve("graph.pb");
    List<Object> all =
        new ArrayList<>(
            List.of(
                "--output-graph",
                graph,
                "--output-labels",
                directory.resolve(name).resolve("labels.txt"),
                "--summaries-dir",
                directory.resolve(name).resolve("logs"),
                "--no-plots",
                "--iterations",
                50));
    all.addAll(List.of(options));
    ok("train", all.toArray());
    return graph;
  }

  /** The predictions for an image of noise, and for the same image flipped horizontally. */
  private List<JsonNode> flippedAndNot(Path graph) throws IOException {
    // As large as the input of the backbone, so that nothing is resized.
    BufferedImage noise = new BufferedImage(96, 96, BufferedImage.TYPE_INT_RGB);
    BufferedImage flipped = new BufferedImage(96, 96, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(3);
    for (int y = 0; y < 96; y++) {
      for (int x = 0; x < 96; x++) {
        int colour = x < 40 ? random.nextInt(1 << 24) : 0x336699;
        noise.setRGB(x, y, colour);
        flipped.setRGB(95 - x, y, colour);
      }
    }
    ImageIO.write(noise, "png", directory.resolve("noise.png").toFile());
    ImageIO.write(flipped, "png", directory.resolve("mirrored.png").toFile());
    Cli cli =
        Cli.run(
            "predict",
            graph,
            directory.resolve("noise.png"),
            directory.resolve("mirrored.png"),
            "--json");
    assertThat(cli.code()).as(cli.err()).isZero();
    List<JsonNode> predictions = new ArrayList<>();
    for (String line : cli.out().lines().toList()) {
      predictions.add(new ObjectMapper().readTree(line).get("predictions"));
    }
    return predictions;
  }

  private static JsonNode backbone(Path graph) throws IOException {
    return new ObjectMapper().readTree(graph.resolveSibling("graph.json").toFile()).get("backbone");
  }

  @Test
  void flipAveragingIsInvariantToFlips() throws IOException {
    Path plain = train("plain", "--features", "grid");
    Path mirrored = train("mirrored", "--features", "grid", "--mirror");
    List<JsonNode> apart = flippedAndNot(plain);
    assertThat(apart.get(0)).isNotEqualTo(apart.get(1));
    List<JsonNode> alike = flippedAndNot(mirrored);
    assertThat(alike.get(0)).hasSize(5).isEqualTo(alike.get(1));
    assertThat(backbone(plain).has("mirrored")).isFalse();
    assertThat(backbone(mirrored).get("mirrored").asBoolean()).isTrue();
    assertThat(backbone(mirrored).get("vector_length").asInt()).isEqualTo(2892);
  }

  @Test
  void averagedVectorsAreCachedSeparately() throws IOException {
    assertThat(ok("bottleneck").get("computed").asInt()).isEqualTo(18);
    assertThat(ok("bottleneck", "--mirror").get("computed").asInt()).isEqualTo(18);
    assertThat(ok("bottleneck", "--mirror").get("computed").asInt()).isZero();
    assertThat(ok("bottleneck").get("computed").asInt()).isZero();
    Cli info =
        Cli.run("bottleneck", "info", "--bottleneck-dir", directory.resolve("cache"), "--json");
    assertThat(info.json().get("backbones"))
        .extracting(entry -> entry.get("identity").asText().replaceAll(".* precision=", ""))
        .containsExactlyInAnyOrder("float32", "float32 mirrored");
  }

  @Test
  void gridOfTensorWithoutPositionsFails() {
    Cli cli = run("bottleneck", "--bottleneck", "pooled@2x2");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("pooled:0@2x2");
  }

  @Test
  void malformedGridIsReported() {
    Cli cli = run("bottleneck", "--bottleneck", "pooled@2");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("--bottleneck").contains("'pooled@2'").contains("@2x2");
  }
}
