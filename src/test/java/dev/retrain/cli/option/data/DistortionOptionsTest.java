package dev.retrain.cli.option.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.CachedBackbone;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.testing.ScatteringTraining;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --augment}. */
class DistortionOptionsTest {
  @TempDir private Path directory;
  private Path cache;

  @BeforeEach
  void draw() throws IOException {
    SampleImages.write(directory.resolve("images"), 10, 1, Progress.NONE);
    cache = directory.resolve("cache");
  }

  private Cli train(Object... more) {
    return ScatteringTraining.run(directory, more);
  }

  private JsonNode description() throws IOException {
    return new ObjectMapper().readTree(directory.resolve("model.json").toFile());
  }

  private List<Long> vectors() throws IOException {
    try (BottleneckCache opened = new BottleneckCache(cache)) {
      return opened.entries().stream().map(CachedBackbone::vectors).sorted().toList();
    }
  }

  @Test
  void variantsOfTrainingImagesAreComputedOnce() throws IOException {
    assertThat(train("--augment", 2).code()).isZero();
    JsonNode data = description().get("data");
    long training = data.get("training").asLong();
    assertThat(data.get("images").asLong()).isEqualTo(60);
    assertThat(training).isBetween(30L, 54L);
    assertThat(vectors()).containsExactly(training, training, 60L);
    byte[] model = Files.readAllBytes(directory.resolve("model.pb"));
    long size = FileUtils.sizeOfDirectory(cache.toFile());
    assertThat(train("--augment", 2).code()).isZero();
    assertThat(vectors()).containsExactly(training, training, 60L);
    assertThat(FileUtils.sizeOfDirectory(cache.toFile())).isEqualTo(size);
    assertThat(Files.readAllBytes(directory.resolve("model.pb"))).isEqualTo(model);
  }

  @Test
  void additionalVariantComputesOnlyItself() throws IOException {
    train("--augment", 1);
    train("--augment", 2);
    long training = description().get("data").get("training").asLong();
    assertThat(vectors()).containsExactly(training, training, 60L);
    train("--augment", 1, "--random-rotation", 30);
    assertThat(vectors()).containsExactly(training, training, training, 60L);
  }

  @Test
  void variantsChangeTheModel() throws IOException {
    train();
    byte[] plain = Files.readAllBytes(directory.resolve("model.pb"));
    assertThat(train("--flip_left_right", "--random_crop", 10).code()).isZero();
    assertThat(Files.readAllBytes(directory.resolve("model.pb"))).isNotEqualTo(plain);
    assertThat(vectors()).hasSize(2);
  }

  @Test
  void invalidDistortionsAreUsageErrors() {
    Cli range = train("--augment", 1, "--random-brightness", 200);
    assertThat(range.code()).isEqualTo(2);
    assertThat(range.err()).contains("200.0");
    Cli nothing = train("--augment", 1, "--random-crop", 0);
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.err()).hasLineCount(2);
    Cli vectors = Cli.run("train", "--vectors", directory, "--augment", 2);
    assertThat(vectors.code()).isEqualTo(2);
    assertThat(vectors.err()).contains("--augment", "--vectors");
  }
}
