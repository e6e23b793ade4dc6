package dev.retrain.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.bottleneck.extract.ExtractionJob;
import dev.retrain.cli.output.Numbers;
import dev.retrain.cli.output.PlotFiles;
import dev.retrain.cli.output.TrainResultPrinter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.cli.process.StartCommand;
import dev.retrain.dataset.sample.SampleImages;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.job.data.ImageSource;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.output.TrainResult;
import dev.retrain.job.train.TrainJob;
import dev.retrain.model.ImageClassifier;
import dev.retrain.model.ImageClassifier.Prediction;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.io.Directories;
import dev.retrain.util.io.LockFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code retrain quickstart}. */
@Command(
    name = "quickstart",
    header = "Train and use a model within a minute, without a network connection.",
    description =
        "%nDraws sample images, trains a classifier on them with the backbone included in the jar,"
            + " and classifies three new images.%n")
public final class QuickstartCommand extends RetrainCommand {
  private static final int PER_CLASS = 100;
  private static final long TRAINING_SEED = 1;

  /** Differs from the seed of the training images, so that the new images are unseen. */
  private static final long NEW_SEED = 2;

  private static final int NEW_IMAGES = 3;

  /** Lists the folders that quickstart has created. */
  private static final String MARKER = ".quickstart";

  private static final String LOCK = ".quickstart.lock";

  /** Hidden files that a killed quickstart may leave. */
  private static final Set<String> OWN_HIDDEN = Set.of(LOCK, "." + MARKER + ".part");

  /** How earlier versions began the file; of today's folders, they had created one. */
  private static final String EARLIER_MARKER = "'retrain quickstart'";

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "The output directory; an earlier quickstart in it is overwritten. Default:"
              + " ${DEFAULT-VALUE}.")
  private Path directory = Path.of("tmp/quickstart");

  @Option(
      names = {"-f", "--force"},
      description =
          "Accept a directory that contains other files; files with the names of results are"
              + " overwritten.")
  private boolean force;

  /**
   * @param interruption requests to stop the command
   */
  public QuickstartCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  protected ExitCode run() throws IOException {
    long start = System.nanoTime();
    Path images = directory.resolve("images");
    Path newImages = directory.resolve("new");
    check(List.of(images, newImages));
    LockFile lock =
        LockFile.tryAcquire(directory.resolve(LOCK))
            .orElseThrow(
                () ->
                    new RetrainException(
                        "Another quickstart is writing to %s; wait until it ends, or choose another"
                            + " directory.",
                        directory));
    try (lock) {
      claim(List.of(images, newImages));
      loadTensorFlow();
      Progress progress = progress();
      draw(images, newImages, progress);
      TrainOutputs outputs = TrainOutputs.in(directory);
      TrainResult result = train(images, outputs, progress);
      print(result, outputs, newImages, (System.nanoTime() - start) / 1e9);
      return TrainCommand.reportInterruption(result, err());
    }
  }

  /** Refuses a directory with other files, and folders that would be deleted. */
  private void check(List<Path> folders) throws IOException {
    Path marker = directory.resolve(MARKER);
    Set<String> own = ownFolders(marker);
    for (Path folder : folders) {
      if (Files.exists(folder) && !own.contains(folder.getFileName().toString())) {
        throw usage(
            "--dir %s contains a folder '%s' that quickstart did not create; choose another"
                + " directory",
            directory, folder.getFileName());
      }
    }
    if (!force && own.isEmpty() && !isEmpty()) {
      throw usage(
          "--dir %s contains files that quickstart did not create; choose another directory, or"
              + " write to it with --force",
          directory);
    }
  }

  /** Whether the directory is missing or empty, but for hidden files of a killed quickstart. */
  private boolean isEmpty() throws IOException {
    if (!Files.isDirectory(directory)) {
      return true;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).allMatch(OWN_HIDDEN::contains);
    }
  }

  /** Records the folders that this command creates. */
  private void claim(List<Path> folders) throws IOException {
    String names =
        folders.stream().map(folder -> folder.getFileName() + "\n").collect(Collectors.joining());
    AtomicFile.write(directory.resolve(MARKER), names.getBytes(StandardCharsets.UTF_8));
  }

  private static Set<String> ownFolders(Path marker) throws IOException {
    if (!Files.exists(marker)) {
      return Set.of();
    }
    String content = Files.readString(marker);
    return content.startsWith(EARLIER_MARKER)
        ? Set.of("new")
        : content.lines().collect(Collectors.toSet());
  }

  private static void draw(Path images, Path newImages, Progress progress) throws IOException {
    for (Path folder : List.of(newImages, images)) {
      if (Files.exists(folder)) {
        PathUtils.deleteDirectory(folder);
      }
      Directories.create(folder);
    }
    SampleImages.write(images, PER_CLASS, TRAINING_SEED, progress);
    SampleImages.write(newImages, 1, NEW_SEED, Progress.NONE);
    if (progress.cancelled()) {
      throw new CancelledException("Interrupted while drawing the sample images.");
    }
  }

  private TrainResult train(Path images, TrainOutputs outputs, Progress progress)
      throws IOException {
    Backbone backbone =
        BackboneLoader.load(BackboneRegistry.SCATTERING, FeatureSet.LAST, directory);
    return TrainJob.builder(
            new ImageSource(
                new ExtractionJob(images, directory.resolve("bottleneck"), backbone, true)),
            outputs)
        .options(effectiveOptions())
        .build()
        .run(progress);
  }

  private record Classified(Path path, Prediction prediction) {}

  private List<Classified> classify(TrainOutputs outputs, Path newImages) throws IOException {
    try (ImageClassifier model = ImageClassifier.load(outputs.model().graph())) {
      return SampleImages.labels().stream()
          .limit(NEW_IMAGES)
          .map(label -> classify(model, newImages.resolve(label).resolve(label + "_000.jpg")))
          .toList();
    }
  }

  private static Classified classify(ImageClassifier model, Path image) {
    try {
      return new Classified(image, model.classify(Files.readAllBytes(image)).get(0));
    } catch (IOException | UnreadableImageException e) {
      throw new RetrainException(e, "%s: %s.", image, e.getMessage());
    }
  }

  private void print(TrainResult result, TrainOutputs outputs, Path newImages, double seconds)
      throws IOException {
    List<Classified> classified = classify(outputs, newImages);
    PlotFiles plots = PlotFiles.write(result.training(), outputs);
    TrainResultPrinter printer = new TrainResultPrinter(result, outputs, plots.files());
    if (json()) {
      ObjectNode node = printer.json();
      ArrayNode list = node.putArray("predictions");
      for (Classified one : classified) {
        list.addObject()
            .put("path", one.path().toString())
            .put("label", one.prediction().label())
            .put("probability", one.prediction().probability());
      }
      printJson(node);
      plots.check();
      return;
    }
    printer.print(console());
    console().emptyLine();
    line("Three new images:");
    for (Classified one : classified) {
      line(
          "  %s: %s (%s)",
          one.path(), one.prediction().label(), Numbers.percent(one.prediction().probability()));
    }
    console().emptyLine();
    line(
        "Finished in %.0f seconds. Next, train on your own images, in one folder per class:",
        seconds);
    String retrain = StartCommand.words();
    line("  %s train --image-dir YOUR_IMAGES --backbone scattering", retrain);
    line("  %s predict tmp/output_graph.pb IMAGE...", retrain);
    line("For photos, a pretrained backbone is more accurate: %s train --help", retrain);
    plots.check();
  }
}
