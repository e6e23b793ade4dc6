package dev.retrain.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.cli.Cli;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.testing.ScatteringTraining;
import dev.retrain.testing.TestImages;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --max-pixels} of every command that decodes images. */
class MaxPixelsTest {
  private static final int PER_CLASS = 6;

  private static final String MESSAGE =
      "it has 1,000 x 200 pixels, more than the limit of 100,000; raise --max-pixels or reduce the"
          + " image";

  @TempDir private static Path directory;
  private static Path images;
  private static Path large;
  private static Path model;

  @BeforeAll
  static void train() throws IOException {
    images = directory.resolve("images");
    SampleImages.write(images, PER_CLASS, 1, Progress.NONE);
    large = writeTrainingImage(TestImages.file(TestImages.gradient(1000, 200), "png"));
    Cli cli = ScatteringTraining.run(directory);
    assertThat(cli.code()).as(cli.err()).isZero();
    assertThat(cli.json().get("skipped_images")).isEmpty();
    model = directory.resolve("model.pb");
  }

  /** A file whose name puts it into the training set. */
  private static Path writeTrainingImage(byte[] content) throws IOException {
    for (int i = 0; ; i++) {
      Path file = images.resolve("dots/large%d.png".formatted(i));
      Files.write(file, content);
      ImageFolder folder = ImageFolder.scan(images);
      if (Splitter.split(folder, folder.files(), SplitOptions.DEFAULT).images().stream()
          .anyMatch(one -> one.path().equals(file) && one.partition() == Partition.TRAINING)) {
        return file;
      }
      Files.delete(file);
    }
  }

  private static void assertRefused(Cli cli) {
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains(large.toString(), MESSAGE);
  }

  @Test
  void bottleneckSkipsTheImage(@TempDir Path cache) throws IOException {
    Object[] command = {
      "bottleneck", "-i", images, "--bottleneck-dir", cache, "-b", "scattering", "--json"
    };
    Cli limited = run(command, "--max-pixels", 100_000);
    assertThat(limited.json().get("skipped").asInt()).isEqualTo(1);
    assertRefused(run(command, "--max-pixels", 100_000, "--strict"));
    // The limit is inclusive, and no part of the cache's key.
    Cli unlimited = run(command, "--max-pixels", 200_000);
    assertThat(unlimited.json().get("skipped").asInt()).isZero();
    assertThat(unlimited.json().get("computed").asInt()).isEqualTo(1);
  }

  @Test
  void trainSkipsTheImageAndItsVariants(@TempDir Path other) throws IOException {
    Object[] command = {
      "train",
      "-i",
      images,
      "--bottleneck-dir",
      other.resolve("cache"),
      "-b",
      "scattering",
      "--iterations",
      20,
      "-o",
      other.resolve("model.pb"),
      "--output-labels",
      other.resolve("labels.txt"),
      "--summaries-dir",
      other.resolve("logs"),
      "--no-plots",
      "--augment",
      1,
      "--max-pixels",
      100_000
    };
    Cli cli = run(command, "--json");
    assertThat(cli.json().get("skipped_images")).hasSize(1);
    assertThat(cli.json().get("skipped_images").get(0).get("reason").asText()).isEqualTo(MESSAGE);
    assertRefused(run(command, "--strict", "-f"));
  }

  @Test
  void evaluateSkipsTheImage(@TempDir Path cache) throws IOException {
    Object[] command = {
      "evaluate", model, "--partition", "all", "--bottleneck-dir", cache, "--json"
    };
    Cli cli = run(command, "--max-pixels", 100_000);
    assertThat(cli.json().get("skipped_images").get(0).get("reason").asText()).isEqualTo(MESSAGE);
    assertRefused(run(command, "--max-pixels", 100_000, "--strict"));
  }

  @Test
  void reportDrawsNoThumbnailOfTheImage(@TempDir Path other) throws IOException {
    // All images are new to the model, and large.
    Path images = other.resolve("images/dots");
    Files.createDirectories(images);
    for (int i = 0; i < 4; i++) {
      Files.write(
          images.resolve(i + ".png"), TestImages.file(TestImages.noise(1000, 200, i), "png"));
    }
    Object[] command = {
      "report",
      model,
      "-i",
      images.getParent(),
      "--bottleneck-dir",
      other,
      "--json",
      "-f",
      "-o",
      other.resolve("report.html")
    };
    assertThat(run(command).json().get("images").asInt()).isEqualTo(4);
    // The vectors are cached by now.
    assertThat(run(command, "--max-pixels", 100_000).json().get("images").asInt()).isZero();
  }

  @Test
  void predictReportsTheImage() throws IOException {
    assertRefused(run(new Object[] {"predict", model, large}, "--max-pixels", 100_000));
    assertThat(run(new Object[] {"predict", model, large}, "--max-pixels", 200_000).code())
        .isZero();
  }

  @Test
  void augmentSkipsTheImage(@TempDir Path other) throws IOException {
    Object[] command = {
      "augment", "-i", images, "--to", other.resolve("to"), "--per-class", 40, "--json"
    };
    Cli cli = run(command, "--max-pixels", 100_000);
    assertThat(cli.json().get("skipped_images").get(0).get("reason").asText()).isEqualTo(MESSAGE);
  }

  @Test
  void contactSheetReportsTheImage(@TempDir Path other) {
    Object[] command = {
      "augment", "-i", images, "--contact-sheet", other.resolve("sheet.png"), "--image", large
    };
    assertRefused(run(command, "--max-pixels", 100_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bottleneck", "train", "sweep", "augment", "predict", "evaluate", "report"})
  void valueOutOfRangeIsAUsageError(String command) {
    Object[] arguments =
        switch (command) {
          case "predict" -> new Object[] {command, model, large};
          case "evaluate", "report" -> new Object[] {command, model};
          case "augment" -> new Object[] {command, "-i", images, "--to", directory.resolve("x")};
          case "sweep" -> new Object[] {command, "-i", images, "--lr", "0.1,0.01"};
          default -> new Object[] {command, "-i", images};
        };
    for (String value : new String[] {"0", "-1", "536870912"}) {
      Cli cli = run(arguments, "--max-pixels", value);
      assertThat(cli.code()).as(cli.err()).isEqualTo(2);
      assertThat(cli.err()).contains("--max-pixels must be from 1 to 536,870,911");
    }
  }

  private static Cli run(Object[] arguments, Object... more) {
    Object[] all = new Object[arguments.length + more.length];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return Cli.run(all);
  }
}
