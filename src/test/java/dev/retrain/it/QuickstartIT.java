package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retrain.cli.Cli;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.evaluation.Evaluator;
import dev.retrain.evaluation.Metrics;
import dev.retrain.image.Preprocessing;
import dev.retrain.image.decode.ImageDecoder;
import dev.retrain.testing.FixedVectors;
import dev.retrain.training.TrainingListener;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.TrainingResult;
import dev.retrain.training.head.HeadTrainer;
import dev.retrain.util.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartIT {
  private static final int PIXELS = 32;

  @TempDir private Path directory;

  @Test
  void classifiesImagesThatPixelsAloneDoNotSeparate() throws Exception {
    Cli cli = Cli.run("quickstart", "--dir", directory.resolve("q"), "--json", "--quiet");
    assertThat(cli.code()).as(cli.err()).isZero();
    JsonNode result = cli.json();
    assertThat(result.get("test_accuracy").asDouble()).isGreaterThanOrEqualTo(0.95);
    assertThat(result.get("classes").asInt()).isGreaterThanOrEqualTo(4);
    assertThat(result.get("skipped").asInt()).isZero();
    for (String stage : List.of("extract", "load", "train", "total")) {
      assertThat(result.get("seconds").get(stage).asDouble()).isPositive();
    }
    assertThat(result.get("predictions")).hasSize(3);
    for (JsonNode prediction : result.get("predictions")) {
      assertThat(prediction.get("path").asText())
          .contains("/" + prediction.get("label").asText() + "/");
    }

    double fromPixels = accuracyFromPixels(directory.resolve("q/images"));
    System.out.printf(
        "quickstart: test accuracy %.3f, from pixels alone %.3f%n",
        result.get("test_accuracy").asDouble(), fromPixels);
    assertThat(fromPixels).isLessThan(0.6);
  }

  @Test
  void otherFoldersAreNotDeleted() throws Exception {
    for (String folder : List.of("new", "images")) {
      Path other = Files.createDirectories(directory.resolve(folder).resolve(folder));
      Files.writeString(other.resolve("own.txt"), "precious");
      Files.writeString(directory.resolve(folder).resolve("output_graph.json"), "{}");
      Cli cli = Cli.run("quickstart", "--dir", directory.resolve(folder), "--quiet");
      assertThat(cli.code()).isEqualTo(2);
      assertThat(cli.err()).contains("'" + folder + "'");
      assertThat(other.resolve("own.txt")).hasContent("precious");
    }
  }

  /** Earlier versions created other folders under the same marker file. */
  @Test
  void folderThatAnEarlierVersionDidNotCreateIsKept() throws Exception {
    Path images = Files.createDirectories(directory.resolve("earlier/images"));
    Files.writeString(images.resolve("precious.txt"), "precious");
    Files.createDirectory(directory.resolve("earlier/new"));
    Files.writeString(
        directory.resolve("earlier/.quickstart"),
        "'retrain quickstart' may delete the folders here that it draws.\n");
    Cli cli = Cli.run("quickstart", "--dir", directory.resolve("earlier"), "--quiet");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("'images'");
    assertThat(images.resolve("precious.txt")).hasContent("precious");
  }

  @Test
  void directoryWithoutItsResultsIsRefused() throws Exception {
    Path images = Files.createDirectories(directory.resolve("mine/images"));
    Files.writeString(images.resolve("precious.txt"), "precious");
    Cli cli = Cli.run("quickstart", "--dir", directory.resolve("mine"));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(images.resolve("precious.txt")).hasContent("precious");
  }

  @Test
  void directoryWithOtherFilesNeedsForce() throws Exception {
    Path own = Files.createDirectories(directory.resolve("work"));
    Files.writeString(own.resolve("output_graph.pb"), "precious");
    Cli cli = Cli.run("quickstart", "--dir", own);
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("--dir " + own, "--force");
    assertThat(own).isDirectoryNotContaining(path -> !path.endsWith("output_graph.pb"));
    assertThat(own.resolve("output_graph.pb")).hasContent("precious");

    Path other = Files.createDirectories(directory.resolve("notes"));
    Files.writeString(other.resolve("notes.txt"), "precious");
    Cli forced = Cli.run("quickstart", "--dir", other, "--force", "--quiet");
    assertThat(forced.code()).as(forced.err()).isZero();
    assertThat(other.resolve("notes.txt")).hasContent("precious");
    assertThat(other.resolve("output_graph.pb")).isNotEmptyFile();
  }

  private static double accuracyFromPixels(Path directory) throws Exception {
    ImageFolder folder = ImageFolder.scan(directory);
    List<LabeledImage> images =
        Splitter.split(folder, folder.files(), SplitOptions.DEFAULT).images();
    TrainingResult result =
        new HeadTrainer(TrainingOptions.DEFAULT, TrainingListener.NONE, Progress.NONE)
            .train(
                pixels(images, Partition.TRAINING),
                pixels(images, Partition.VALIDATION),
                folder.labels().size());
    return Metrics.compute(
            Evaluator.evaluate(
                result.head(), folder.labels(), pixels(images, Partition.TEST), 1000))
        .accuracy();
  }

  private static FixedVectors pixels(List<LabeledImage> images, Partition partition)
      throws Exception {
    List<LabeledImage> selected =
        images.stream().filter(image -> image.partition() == partition).toList();
    int length = PIXELS * PIXELS * 3;
    float[][] rows = new float[selected.size()][];
    try (ImageDecoder decoder =
        new ImageDecoder(new Preprocessing(PIXELS, PIXELS, 127.5f, 127.5f))) {
      for (int i = 0; i < rows.length; i++) {
        rows[i] = decoder.decode(Files.readAllBytes(selected.get(i).path()));
      }
    }
    return new FixedVectors(
        length, rows, selected.stream().mapToInt(LabeledImage::label).toArray());
  }

  @Test
  void replacesItsOwnResults() throws Exception {
    for (int run = 0; run < 2; run++) {
      Cli again = Cli.run("quickstart", "--dir", directory.resolve("again"), "--quiet");
      assertThat(again.code()).as(again.err()).isZero();
      assertThat(directory.resolve("again/output_graph.pb")).isNotEmptyFile();
    }
  }
}
