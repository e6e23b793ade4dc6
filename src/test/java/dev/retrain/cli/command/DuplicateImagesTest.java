package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.testing.ScatteringTraining;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that are there under several names. */
class DuplicateImagesTest {
  @TempDir private Path directory;
  private Path images;

  @BeforeEach
  void draw() throws IOException {
    images = directory.resolve("images");
    SampleImages.write(images, 12, 1, Progress.NONE);
  }

  /** Test images by name whose content is also that of a training or validation image. */
  private Set<Path> tested() throws IOException {
    ImageFolder folder = ImageFolder.scan(images);
    List<LabeledImage> images =
        Splitter.split(folder, folder.files(), SplitOptions.DEFAULT).images();
    Set<ByteBuffer> seen = new HashSet<>();
    for (LabeledImage image : images) {
      if (image.partition() != Partition.TEST) {
        seen.add(ByteBuffer.wrap(Files.readAllBytes(image.path())));
      }
    }
    Set<Path> tested = new HashSet<>();
    for (LabeledImage image : images) {
      if (image.partition() == Partition.TEST
          && !seen.contains(ByteBuffer.wrap(Files.readAllBytes(image.path())))) {
        tested.add(image.path());
      }
    }
    return tested;
  }

  @Test
  void duplicatesOfTrainingImagesAreNotTested() throws IOException {
    List<ImageFile> files = ImageFolder.scan(images).files();
    for (int i = 0; i < files.size(); i += 2) {
      Path file = files.get(i).path();
      Files.copy(file, file.resolveSibling("copy_" + file.getFileName()));
    }
    Set<Path> expected = tested();
    Cli trained = ScatteringTraining.run(directory);
    assertThat(trained.code()).as(trained.err()).isZero();
    JsonNode data =
        new ObjectMapper().readTree(directory.resolve("model.json").toFile()).get("data");
    assertThat(data.get("test").asInt()).isEqualTo(expected.size()).isPositive();
    assertThat(
            data.get("training").asInt()
                + data.get("validation").asInt()
                + data.get("test").asInt())
        .isEqualTo(files.size() * 3 / 2);

    Cli evaluated =
        Cli.run(
            "evaluate",
            directory.resolve("model.pb"),
            "--bottleneck-dir",
            directory.resolve("cache"),
            "--json");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.json().get("count").asInt()).isEqualTo(expected.size());
    assertThat(evaluated.json().get("accuracy").asDouble())
        .isCloseTo(trained.json().get("test_accuracy").asDouble(), within(1e-6));
  }

  @Test
  void emptyTestSetIsReported() throws IOException {
    ImageFolder folder = ImageFolder.scan(images);
    List<LabeledImage> images =
        Splitter.split(folder, folder.files(), SplitOptions.DEFAULT).images();
    for (LabeledImage image : images) {
      if (image.partition() == Partition.TEST) {
        Path seen =
            images.stream()
                .filter(other -> other.partition() == Partition.TRAINING)
                .filter(other -> other.label() == image.label())
                .findFirst()
                .orElseThrow()
                .path();
        Files.write(image.path(), Files.readAllBytes(seen));
      }
    }
    Cli cli = ScatteringTraining.run(directory);
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains(directory.resolve("images").toString());
    assertThat(directory.resolve("model.pb")).doesNotExist();
  }
}
