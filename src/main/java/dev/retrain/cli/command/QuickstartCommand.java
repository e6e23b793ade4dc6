package dev.retrain.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.BackboneLoader;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.bottleneck.extract.ExtractionJob;
import dev.retrain.cli.output.PlotFiles;
import dev.retrain.cli.output.TrainResultPrinter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
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
import dev.retrain.util.io.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.file.PathUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code retrain quickstart}. */
@Command(
    name = "quickstart",
    header = "See a result in a minute, without a network connection.",
    description =
        "%nDraws sample images, trains a classifier on them with the network inside the tool,"
            + " and classifies three new ones.%n")
public final class QuickstartCommand extends RetrainCommand {
  private static final int PER_CLASS = 100;
  private static final long PICTURE_SEED = 1;

  /** Another seed than the training images': these were never seen. */
  private static final long NEW_SEED = 2;

  private static final int NEW_IMAGES = 3;

  /** What is in a directory of this command's. */
  private static final String MARKER = ".quickstart";

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Where everything goes; an earlier quickstart there is written over. Default:"
              + " ${DEFAULT-VALUE}.")
  private Path directory = Path.of("tmp/quickstart");

  /**
   * @param interruption the user's wish to stop
   */
  public QuickstartCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  public ExitCode run() throws IOException {
    long start = System.nanoTime();
    Path images = directory.resolve("images");
    Path news = directory.resolve("new");
    take(List.of(images, news));
    loadTensorFlow();
    Progress progress = progress();
    draw(images, news, progress);
    TrainOutputs outputs = TrainOutputs.in(directory);
    TrainResult report = train(images, outputs, progress);
    print(report, outputs, news, (System.nanoTime() - start) / 1e9);
    return TrainCommand.interrupted(this, report);
  }

  /** Only what an earlier quickstart has drawn is removed. */
  private void take(List<Path> folders) throws IOException {
    Path marker = directory.resolve(MARKER);
    for (Path folder : folders) {
      if (Files.exists(folder) && !Files.exists(marker)) {
        throw usage(
            "--dir %s has a folder '%s' that is not this command's; name another directory"
                .formatted(directory, folder.getFileName()));
      }
    }
    Directories.create(directory);
    Files.writeString(marker, "'retrain quickstart' may delete the folders here that it draws.\n");
  }

  private static void draw(Path images, Path news, Progress progress) throws IOException {
    for (Path folder : List.of(news, images)) {
      if (Files.exists(folder)) {
        PathUtils.deleteDirectory(folder);
      }
      Directories.create(folder);
    }
    SampleImages.write(images, PER_CLASS, PICTURE_SEED, progress);
    SampleImages.write(news, 1, NEW_SEED, Progress.NONE);
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
        .options(optionsInForce())
        .build()
        .run(progress);
  }

  /** A new image, what it shows and what it was taken for. */
  private record Told(Path path, String label, Prediction prediction) {}

  private List<Told> classify(TrainOutputs outputs, Path news) throws IOException {
    try (ImageClassifier model = ImageClassifier.load(outputs.model().graph())) {
      return SampleImages.labels().stream()
          .limit(NEW_IMAGES)
          .map(label -> tell(model, news.resolve(label).resolve(label + "_000.jpg"), label))
          .toList();
    }
  }

  private static Told tell(ImageClassifier model, Path image, String label) {
    try {
      return new Told(image, label, model.classify(Files.readAllBytes(image)).get(0));
    } catch (IOException | UnreadableImageException e) {
      throw new RetrainException("%s: %s.".formatted(image, e.getMessage()), e);
    }
  }

  private void print(TrainResult report, TrainOutputs outputs, Path news, double seconds)
      throws IOException {
    List<Told> told = classify(outputs, news);
    List<Path> plots = PlotFiles.write(report.training(), outputs);
    TrainResultPrinter printer = new TrainResultPrinter(report, outputs, plots);
    if (json()) {
      ObjectNode node = printer.json();
      ArrayNode list = node.putArray("predictions");
      for (Told one : told) {
        list.addObject()
            .put("path", one.path().toString())
            .put("label", one.prediction().label())
            .put("probability", one.prediction().probability());
      }
      printJson(node);
      return;
    }
    printer.print(out());
    line("");
    line("Three new images:");
    for (Told one : told) {
      line(
          "  %s: %s (%.1f %%)",
          one.path(), one.prediction().label(), 100 * one.prediction().probability());
    }
    line("");
    line(
        "From nothing to here in %.0f seconds. Next, with your own images, a folder a class:",
        seconds);
    line("  java -jar retrain.jar train --image-dir YOUR_IMAGES --backbone scattering");
    line("  java -jar retrain.jar predict tmp/output_graph.pb PICTURE...");
    line("A pretrained network tells photographs better: java -jar retrain.jar train --help");
    out().flush();
  }
}
