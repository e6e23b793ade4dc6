package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.SharedData;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --dry-run} and {@code bottleneck --dry-run}. */
class DryRunTest {
  private static final int PER_CLASS = 8;
  private static final int IMAGES = 6 * PER_CLASS;

  @TempDir private Path directory;
  private Path images;

  @BeforeEach
  void drawImages() throws IOException {
    images = directory.resolve("images");
    SampleImages.write(images, PER_CLASS, 1, Progress.NONE);
  }

  private Cli run(Object... arguments) {
    return Cli.run(with(arguments));
  }

  private Object[] with(Object... arguments) {
    return Stream.concat(
            Stream.of(arguments),
            Stream.of("-i", images, "--bottleneck-dir", directory.resolve("cache"), "-q"))
        .toArray();
  }

  private Object[] train(Object... more) {
    return Stream.concat(
            Stream.of(
                "train",
                "--iterations",
                20,
                "-o",
                directory.resolve("out/graph.pb"),
                "--output-labels",
                directory.resolve("out/labels.txt"),
                "--summaries-dir",
                directory.resolve("out/logs"),
                "--no-plots"),
            Stream.of(more))
        .toArray();
  }

  private JsonNode json(Object... arguments) throws IOException {
    Cli cli = run(Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray());
    assertThat(cli.code()).as(cli.err()).isZero();
    return cli.json();
  }

  /** Every file below the test's directory with its content. */
  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        files.put(
            file.toString(),
            Files.isDirectory(file)
                ? "directory"
                : Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  @Test
  void countsEqualThoseOfTraining() throws IOException {
    Map<String, String> before = files();
    JsonNode plan = json(train("--dry-run", "-b", "scattering"));
    assertThat(files()).isEqualTo(before);
    assertThat(plan.get("dry_run").asBoolean()).isTrue();
    assertThat(plan.get("files").asInt()).isEqualTo(IMAGES);
    assertThat(plan.get("classes")).hasSize(6);
    assertThat(plan.get("available").asBoolean()).isTrue();
    assertThat(plan.get("cached").asInt()).isZero();
    assertThat(plan.get("missing").asInt()).isEqualTo(IMAGES);
    assertThat(plan.get("sampled_images").asInt()).isEqualTo(IMAGES);
    assertThat(plan.get("expected_seconds").asDouble()).isPositive();
    assertThat(plan.get("options").get("iterations").asText()).isEqualTo("20");
    assertThat(plan.get("options").has("dry_run")).isFalse();

    json(train("-b", "scattering"));
    JsonNode model = new ObjectMapper().readTree(directory.resolve("out/graph.json").toFile());
    for (String partition : List.of("training", "validation", "test")) {
      assertThat(plan.get(partition)).as(partition).isEqualTo(model.get("data").get(partition));
      int sum = 0;
      for (JsonNode count : plan.get("classes")) {
        sum += count.get(partition).asInt();
      }
      assertThat(sum).isEqualTo(plan.get(partition).asInt());
    }
  }

  @Test
  void cachedNewChangedAndMovedImagesAreDistinguished() throws IOException {
    json("bottleneck", "-b", "scattering");
    Path spots = images.resolve(label());
    List<Path> files;
    try (Stream<Path> list = Files.list(spots)) {
      files = list.sorted().toList();
    }
    Files.move(files.get(0), spots.resolve("moved.jpg"));
    Files.copy(files.get(1), spots.resolve("copied.jpg"));
    byte[] changed = Files.readAllBytes(files.get(2));
    Files.write(files.get(2), Arrays.copyOf(changed, changed.length + 1));
    Files.copy(files.get(2), spots.resolve("the same change.jpg"));
    Files.delete(files.get(3));
    Map<String, String> before = files();
    JsonNode plan = json("bottleneck", "-b", "scattering", "--dry-run");
    assertThat(files()).isEqualTo(before);
    assertThat(plan.get("files").asInt()).isEqualTo(IMAGES + 1);
    // Of two equal images one is computed.
    assertThat(plan.get("missing").asInt()).isEqualTo(1);
    assertThat(plan.get("cached").asInt()).isEqualTo(IMAGES - 1);
    assertThat(plan.has("training")).isFalse();
    // The cache has no vectors of another feature set.
    assertThat(
            json("bottleneck", "-b", "scattering", "--features", "multi", "--dry-run")
                .get("cached")
                .asInt())
        .isZero();
    JsonNode done = json("bottleneck", "-b", "scattering");
    assertThat(done.get("computed").asInt()).isEqualTo(1);
    assertThat(json("bottleneck", "-b", "scattering", "-n").get("expected_seconds").asDouble())
        .isZero();
  }

  private String label() throws IOException {
    try (Stream<Path> classes = Files.list(images)) {
      return classes.sorted().findFirst().orElseThrow().getFileName().toString();
    }
  }

  @Test
  void missingBackboneIsNotDownloaded() throws IOException {
    Path models = directory.resolve("models");
    Cli cli = run(train("--dry-run", "--model-dir", models));
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).contains("inception_v3", models.toString()).containsPattern("total +48 ");
    assertThat(models).doesNotExist();
    JsonNode plan = json(train("--dry-run", "--model-dir", models));
    assertThat(plan.get("available").asBoolean()).isFalse();
    assertThat(plan.has("cached")).isFalse();
    assertThat(plan.has("expected_seconds")).isFalse();
  }

  @Test
  void archivedBackboneIsAvailable() throws IOException {
    Path models = SharedData.mobileNetDirectory(directory.resolve("models"));
    Map<String, String> before = files();
    Cli cli = run(train("--dry-run", "--model-dir", models, "--backbone", "mobilenet_v1_0.25_224"));
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out())
        .contains("mobilenet_v1_0.25_224", directory.resolve("cache").toString())
        .containsPattern("\\b0 cached\\b")
        .containsPattern("\\b48 to compute\\b")
        .containsPattern("\\b48 images\\b");
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void unreadableImagesGiveNoEstimate() throws IOException {
    for (String label : List.of("a", "b")) {
      Path folder = Files.createDirectories(directory.resolve("broken").resolve(label));
      for (int i = 0; i < 5; i++) {
        Files.writeString(folder.resolve(i + ".jpg"), "no image");
      }
    }
    images = directory.resolve("broken");
    Cli cli = run("bottleneck", "-b", "scattering", "--dry-run");
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.out()).containsPattern("\\b10 to compute\\b");
    assertThat(json("bottleneck", "-b", "scattering", "--dry-run").has("expected_seconds"))
        .isFalse();
  }

  @Test
  void vectorFilesAreCountedWithoutBackbone() throws IOException {
    json("bottleneck", "-b", "scattering");
    Path text = directory.resolve("text");
    json("bottleneck", "export", text, "-b", "scattering");
    Cli cli = Cli.run(train("--dry-run", "--json", "--vectors", text, "--strict"));
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.json().get("files").asInt()).isEqualTo(IMAGES);
    assertThat(cli.json().get("training").asInt()).isPositive();
    assertThat(cli.json().has("backbone")).isFalse();
    assertThat(cli.json().get("options").has("backbone")).isFalse();
  }

  @Test
  void existingModelNeedsNoForceAndStays() throws IOException {
    Files.createDirectories(directory.resolve("out"));
    Path model = Files.writeString(directory.resolve("out/graph.pb"), "precious");
    Cli cli = run(train("--dry-run", "-b", "scattering"));
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(model).hasContent("precious");
  }

  @Test
  void dryRunCanBeInterrupted() {
    Interruption interruption = new Interruption();
    interruption.request();
    Cli cli = Cli.run(interruption, with("bottleneck", "-b", "scattering", "--dry-run"));
    assertThat(cli.code()).isEqualTo(130);
  }

  @Test
  void flipAveragedVectorsAreDistinguished() throws IOException {
    json("bottleneck", "-b", "scattering");
    JsonNode mirrored = json(train("-b", "scattering", "--mirror", "--dry-run"));
    assertThat(mirrored.get("cached").asInt()).isZero();
    json("bottleneck", "-b", "scattering", "--mirror");
    mirrored = json(train("-b", "scattering", "--mirror", "--dry-run"));
    assertThat(mirrored.get("cached").asInt()).isEqualTo(IMAGES);
  }

  @Test
  void variantsAreCounted() throws IOException {
    run(train("-b", "scattering", "--augment", 1));
    JsonNode more = json(train("-f", "-b", "scattering", "--augment", 2, "--dry-run"));
    int training = more.get("training").asInt();
    assertThat(more.get("cached").asInt()).isEqualTo(IMAGES + training);
    assertThat(more.get("missing").asInt()).isEqualTo(training);
    assertThat(more.get("expected_seconds").asDouble()).isPositive();
    JsonNode fewer = json(train("-f", "-b", "scattering", "--augment", 1, "--dry-run"));
    assertThat(fewer.get("cached").asInt()).isEqualTo(IMAGES + training);
    assertThat(fewer.get("missing").asInt()).isZero();
  }
}
