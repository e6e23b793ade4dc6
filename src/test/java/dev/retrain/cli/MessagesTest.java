package dev.retrain.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.model.ModelFiles;
import dev.retrain.model.ModelWriter;
import dev.retrain.testing.SampleModel;
import dev.retrain.testing.ScatteringTraining;
import dev.retrain.testing.TextClusters;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The exact wording of the most important error messages. In the arguments and messages, DIR is a
 * directory with {@code images}, {@code text} (bottleneck files), {@code empty}, and an untrained
 * {@code file.pb}.
 */
class MessagesTest {
  @TempDir private static Path directory;

  @BeforeAll
  static void writeFiles() throws IOException {
    SampleImages.write(directory.resolve("images"), 8, 1, Progress.NONE);
    TextClusters.write(directory.resolve("text"), 20);
    Files.createDirectories(directory.resolve("empty"));
    Files.createDirectories(directory.resolve("one/dots"));
    Files.writeString(directory.resolve("file.pb"), "not a graph");
  }

  private static Cli run(String command) {
    return Cli.run(
        (Object[])
            Arrays.stream(command.replace("DIR", directory.toString()).split(" "))
                .toArray(String[]::new));
  }

  private static String firstLine(Cli cli) {
    return cli.err().lines().findFirst().orElse("").replace(directory.toString(), "DIR");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          train --lr fast | --lr must be a number, but is 'fast'.
          train --train-batch-size 1.5 | --train-batch-size must be a whole number, but is '1.5'.
          train --seed x | --seed must be a whole number, but is 'x'.
          --image_dir DIR/images | --image-dir needs a command before it, such as 'retrain train --image-dir'.
          @missing.txt | The argument file missing.txt does not exist.
          train @missing.txt | The argument file missing.txt does not exist.
          train --tfhub_module x | --tfhub-module is not supported: choose the network with --backbone.
          train --saved_model_dir x | --saved-model-dir is not supported: write a SavedModel after the training, with 'retrain export'.
          train --intermediate_store_frequency 5 | --intermediate-store-frequency is not supported: no intermediate graphs are written; remove it.
          train --intermediate_output_graphs_dir=x | --intermediate-output-graphs-dir is not supported: no intermediate graphs are written; remove it.
          train --logging_verbosity INFO | --logging-verbosity is not supported: use --verbose or --quiet.
          train -i DIR/images -o DIR/new --output-labels DIR/new | --output-graph and --output-labels name the same file, DIR/new.
          train -i DIR/images -o DIR/new.pb --output-labels DIR/new.json | --output-labels DIR/new.json is the file of the metadata, which is written beside --output-graph; choose another name.
          train -i DIR/images -b scattering -o DIR/images/new.pb | --output-graph DIR/images/new.pb is inside the image directory DIR/images; choose another location.
          train -i DIR/images -b scattering -o DIR/new.pb --summaries-dir DIR/images/dots/logs | --summaries-dir DIR/images/dots/logs is inside the image directory DIR/images; choose another location.
          train -i DIR/images -b scattering --bottleneck-dir DIR/images/cache | --bottleneck-dir DIR/images/cache is inside the image directory DIR/images; choose another location.
          bottleneck -i DIR/images -b scattering --bottleneck-dir DIR/images | --bottleneck-dir DIR/images is inside the image directory DIR/images; choose another location.
          train -i DIR/images -b nix -o DIR/file.pb | --backbone 'nix' is not a known backbone.KNOWN
          train --image-dir DIR/none | --image-dir DIR/none is not a directory; give one with a folder of images per class, or a zip or tar archive of it.
          train -i DIR/images --backbone mobilenet_v1_0.25_225 | --backbone 'mobilenet_v1_0.25_225' is not a known backbone; did you mean 'mobilenet_v1_0.25_224'?KNOWN
          train -i DIR/images --graph DIR/none.pb | --graph DIR/none.pb is not a file.
          train -i DIR/images --graph DIR/file.pb --backbone scattering | --backbone cannot be combined with --graph.
          train -i DIR/images --input x:0 | --input requires --graph or --saved-model.
          train -i DIR/images --epochs 3 --iterations 5 | --iterations cannot be combined with --epochs.
          train -i DIR/images --momentum 0.5 | --momentum requires --optimizer sgd.
          train -i DIR/images --decay-steps 3 --schedule cosine | --decay-steps requires --schedule staircase.
          train -i DIR/images --jpeg-scale 3 | --jpeg-scale must be 1, 2, 4 or 8, but is 3.
          train -i DIR/images --test-batch-size 0 | --test-batch-size must be at least 1, or -1, but is 0.
          train --vectors DIR/none | --vectors DIR/none is not a directory.
          train --vectors DIR/text --image-dir DIR/images | --image-dir cannot be combined with --vectors.
          train -i DIR/images -b scattering -o DIR/file.pb | DIR/file.pb already exists; overwrite it with --force, or choose another --output-graph and --output-labels.
          train --config DIR/none.yaml | --config DIR/none.yaml is not a file.
          sweep --vectors DIR/text --lr 0.1,0.10 | lr=0.1,seed=1 and lr=0.1,seed=1 are the same training; remove one.
          evaluate DIR/none.pb | MODEL DIR/none.pb is not a file; give the graph that 'train' wrote.
          evaluate DIR/file.pb --architecture x --vectors DIR/text -i DIR/images | --image-dir cannot be combined with --architecture.
          predict DIR/file.pb a.jpg --top 0 | --top must be at least 1, but is 0.
          predict DIR/file.pb a.jpg --format csv --json | --json cannot be combined with --format csv.
          predict DIR/file.pb a.jpg --null | --null requires the path -, which reads paths from standard input.
          models fetch inception_v3 --archive DIR/none.tgz | --archive DIR/none.tgz is not a file.
          bottleneck info --bottleneck-dir DIR/empty | --bottleneck-dir DIR/empty contains no cache.
          bottleneck import DIR/none | DIR DIR/none is not a directory.
          augment -i DIR/images | --to is missing; give the output directory, or --contact-sheet for a preview.
          augment -i DIR/images --to DIR/images/dots | --to DIR/images/dots and --image-dir DIR/images contain one another; choose a separate directory, or the same.
          download --archive a --url https://host/a | --archive cannot be combined with --url.
          """)
  void usageErrors(String command, String message) {
    Cli cli = run(command.strip());
    assertThat(cli.code()).as(cli.err()).isEqualTo(2);
    assertThat(firstLine(cli).replaceFirst(" Known backbones: [a-z0-9_., ]*$", "KNOWN"))
        .isEqualTo("retrain: " + message.strip());
  }

  @Test
  void commandIsMissing() {
    Cli cli = Cli.run();
    assertThat(cli.code()).isEqualTo(2);
    assertThat(firstLine(cli)).contains("A command is missing, such as quickstart, train");
  }

  @Test
  void emptyDirectoryHasNoImages() throws IOException {
    ModelWriter.write(
        new ModelFiles(directory.resolve("model/m.pb"), directory.resolve("model/l.txt")),
        SampleModel.model("final_result"));
    Cli cli = run("predict DIR/model/m.pb DIR/empty");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(firstLine(cli))
        .isEqualTo("retrain: There are no files to classify: DIR/empty is empty.");
  }

  @Test
  void defaultsOfRetrainPyAreAccepted() {
    Cli cli =
        run(
            "train -i DIR/images -b scattering --bottleneck-dir DIR/cache -q --dry-run"
                + " --test_batch_size -1 --random_scale 0 --random_crop 0 --random_brightness 0"
                + " -o DIR/file.pb --validation_batch_size -1");
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  @Test
  void failuresOfTheLibraryNameOptions() {
    Cli diverged =
        run(
            "train --vectors DIR/text --no-standardize --lr 1e38 -q --no-plots -o DIR/d/g.pb"
                + " --output-labels DIR/d/l --summaries-dir DIR/d/s");
    assertThat(diverged.code()).isEqualTo(1);
    assertThat(firstLine(diverged)).startsWith("retrain: ").contains("--lr");

    Cli few = run("train -i DIR/one -b scattering -q -o DIR/d/g.pb --output-labels DIR/d/l");
    assertThat(few.code()).isEqualTo(1);
    assertThat(firstLine(few)).startsWith("retrain: ").contains("DIR/one");
  }

  @Test
  void strictTrainingNamesTheUnreadableImage(@TempDir Path broken) throws IOException {
    SampleImages.write(broken.resolve("images"), 8, 1, Progress.NONE);
    Path image = Files.writeString(broken.resolve("images/dots/notes.jpg"), "no image");
    Cli cli = ScatteringTraining.run(broken, "--strict");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).startsWith("retrain: " + image).hasLineCount(1);
  }
}
