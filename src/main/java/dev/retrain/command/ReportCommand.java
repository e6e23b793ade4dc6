package dev.retrain.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.dataset.Partition;
import dev.retrain.job.EvaluateJob;
import dev.retrain.job.ReportJob;
import dev.retrain.job.ReportResult;
import dev.retrain.job.TextSource;
import dev.retrain.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrain report}. */
@Command(
    name = "report",
    header = "Write a page about a trained model, to look at in a browser.",
    description =
        "%nEvaluates a model on its test pictures, as 'evaluate' does, and writes one HTML file:"
            + " the training's course, which class is taken for which, with the pictures, figures"
            + " of each class, the surest mistakes, whether the probabilities are to be believed,"
            + " and where it all comes from. The file holds all it shows, small pictures included,"
            + " and loads nothing.%n",
    footer = {
      "",
      "Examples:",
      "  retrain report",
      "  retrain report tmp/output_graph.pb --image-dir new_photos -o new_photos.html",
    })
public final class ReportCommand extends RetrainCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "The graph that 'train' wrote. Default: ${DEFAULT-VALUE}.")
  private Path model = Path.of("tmp/output_graph.pb");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The HTML file; an earlier one is written over. Default: ${DEFAULT-VALUE}.")
  private Path file = Path.of("image/report.html");

  @Option(
      names = "--max-pictures",
      paramLabel = "N",
      description =
          "How many pictures the page may hold, as small JPEG pictures of 96 pixels; 0 for none."
              + " Default: ${DEFAULT-VALUE}.")
  private int maxPictures = 2000;

  @Option(
      names = {"-i", "--image-dir"},
      paramLabel = "DIR",
      description =
          "A directory with a folder of pictures for each class; those the model was trained on are"
              + " left out. Default: the one the model was trained on.")
  private Path imageDir;

  @Option(
      names = "--vectors",
      paramLabel = "DIR",
      description =
          "For a model that takes vectors: retrain.py's bottleneck files. Default: those the model"
              + " was trained on.")
  private Path vectors;

  @Option(
      names = "--bottleneck-dir",
      paramLabel = "DIR",
      description = "Where vectors are cached. Default: ${DEFAULT-VALUE}.")
  private Path bottleneckDir = Path.of("tmp/bottleneck");

  @Option(
      names = "--strict",
      description = "Fail on a file that can't be read, in place of leaving it out.")
  private boolean strict;

  /**
   * @param interruption the user's wish to stop
   */
  public ReportCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  ExitCode run() throws IOException {
    check();
    ReportJob job;
    try {
      job =
          new ReportJob(
              new EvaluateJob(
                  model,
                  Optional.ofNullable(imageDir),
                  Optional.ofNullable(vectors)
                      .map(directory -> new TextSource(directory, Optional.empty(), strict)),
                  bottleneckDir,
                  Optional.of(Partition.TEST),
                  strict),
              maxPictures,
              commandLine(),
              file);
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
    loadTensorFlow();
    print(job.run(progress()));
    return ExitCode.OK;
  }

  private void check() {
    if (!Files.isRegularFile(model)) {
      throw usage("MODEL %s is not a file; give the graph that 'train' wrote".formatted(model));
    }
    if (imageDir != null && vectors != null) {
      throw usage("--image-dir and --vectors exclude each other");
    }
    if (imageDir != null) {
      PictureOptions.checkDirectory(this, imageDir);
    }
    if (vectors != null && !Files.isDirectory(vectors)) {
      throw usage("--vectors %s is not a directory".formatted(vectors));
    }
    if (Files.isDirectory(file)) {
      throw usage("--output %s is a directory; name a file to write".formatted(file));
    }
  }

  private List<String> commandLine() {
    List<String> words = new ArrayList<>(List.of("retrain"));
    words.addAll(spec.commandLine().getParent().getParseResult().originalArgs());
    return words;
  }

  private void print(ReportResult result) throws IOException {
    if (json()) {
      ObjectNode node = Json.mapper().createObjectNode();
      node.put("report", result.file().toString());
      node.put("bytes", result.bytes());
      node.put("pictures", result.pictures());
      node.put("accuracy", result.evaluation().metrics().accuracy());
      node.put("count", result.evaluation().metrics().count());
      printJson(node);
    } else {
      line(
          "%s: %.1f %% of %,d pictures told right; %,d of them are in it (%.1f MB).",
          result.file(),
          100 * result.evaluation().metrics().accuracy(),
          result.evaluation().metrics().count(),
          result.pictures(),
          result.bytes() / 1e6);
    }
  }
}
