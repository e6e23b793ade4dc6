package dev.retrain.cli.command;

import dev.retrain.cli.option.ModelHintOptions;
import dev.retrain.cli.option.ModelParameter;
import dev.retrain.cli.option.RunTimeoutOption;
import dev.retrain.cli.option.TrustGraphOption;
import dev.retrain.cli.option.data.PixelLimitOption;
import dev.retrain.cli.output.PredictionFormat;
import dev.retrain.cli.output.PredictionFormat.Printer;
import dev.retrain.cli.output.TerminalWriter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.cli.process.Terminal;
import dev.retrain.image.PixelLimit;
import dev.retrain.job.predict.InputPaths;
import dev.retrain.job.predict.PredictJob;
import dev.retrain.job.predict.PredictJob.Classified;
import dev.retrain.model.ModelBundle;
import dev.retrain.model.legacy.ModelHints;
import dev.retrain.training.Objective;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrain predict}. */
@Command(
    name = "predict",
    header = "Classify images with a trained model.",
    description =
        "%nPrints the most probable classes of each image, in the order of the paths, while it"
            + " works; for a model with several labels per image, those that reach their"
            + " thresholds. A file that is missing or is not an image is reported with the reason on"
            + " stderr; the exit code is then 1.%n",
    footer = {
      "",
      "Examples:",
      "  retrain predict tmp/output_graph.pb some.jpg other.png",
      "  retrain predict tmp/output_graph.pb photos --top 1 --format csv > photos.csv",
      "  find . -name '*.jpg' -print0 | retrain predict tmp/output_graph.pb - --null --json",
    })
public final class PredictCommand extends RetrainCommand {
  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "The model's graph, as 'train' or retrain.py wrote it.")
  private Path model;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Image files, directories (all files below them, sorted by name), or - to read paths from"
              + " standard input, one per line.")
  private List<String> paths;

  @Option(
      names = "--top",
      paramLabel = "N",
      description =
          "The number of most probable classes to print per image; for a model with several labels"
              + " per image, in JSON and CSV only. Default: ${DEFAULT-VALUE}.")
  private int top = 5;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "text; jsonl, one JSON object per line (the same as --json); or csv, one row per image."
              + " Default: text.")
  private PredictionFormat format;

  @Option(
      names = {"-0", "--null"},
      description = "Paths on standard input are separated by NUL, as 'find -print0' writes them.")
  private boolean nul;

  private ExitCode exit = ExitCode.OK;
  private boolean printed;

  @Mixin private ModelHintOptions hints;
  @Mixin private TrustGraphOption trust;
  @Mixin RunTimeoutOption runTimeout;
  @Mixin private PixelLimitOption pixels;

  /**
   * @param interruption requests to stop the command
   */
  public PredictCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (top < 1) {
      throw usage("--top must be at least 1, but is %d", top);
    }
    PixelLimit limit = pixels.limit();
    ModelParameter.requireFile(spec(), model);
    if (json() && format != null && format != PredictionFormat.JSONL) {
      throw usage("--json cannot be combined with --format %s", format);
    }
    if (nul && !paths.contains(InputPaths.STREAM)) {
      throw usage("--null requires the path -, which reads paths from standard input");
    }
    ModelHints known = hints.hints();
    loadTensorFlow();
    InputPaths images = new InputPaths(paths, System.in, nul ? '\0' : '\n');
    // The predictions on a terminal show the progress themselves.
    Progress progress = images.mayExpand() && !Terminal.stdout() ? progress() : silentProgress();
    boolean multiLabel =
        ModelBundle.hasMetadata(model)
            && ModelBundle.metadata(model).objective() == Objective.MULTI_LABEL;
    Printer printer = format().printer(target(), top, multiLabel);
    new PredictJob(model, top, trust.isTrusted(), limit, known)
        .run(images, batch -> print(batch, printer), progress);
    if (!printed) {
      throw new RetrainException(
          "There are no files to classify: %s.",
          paths.contains(InputPaths.STREAM)
              ? "the list of paths is empty"
              : String.join(", ", paths) + (paths.size() == 1 ? " is" : " are") + " empty");
    }
    return exit;
  }

  /** Where predictions go. CSV keeps file names as they are, except on a terminal. */
  private PrintWriter target() {
    return format() == PredictionFormat.CSV && Terminal.isStdout()
        ? new PrintWriter(new TerminalWriter(out()))
        : out();
  }

  private PredictionFormat format() {
    if (format != null) {
      return format;
    }
    return json() ? PredictionFormat.JSONL : PredictionFormat.TEXT;
  }

  /** Returns whether the reader still accepts output. */
  private boolean print(List<Classified> images, Printer printer) throws IOException {
    printed = true;
    for (Classified image : images) {
      printer.print(image);
      image
          .reason()
          .ifPresent(
              reason -> {
                exit = ExitCode.FAILED;
                err().line("%s: %s.", image.image(), reason);
              });
    }
    // An error means that the reader, such as 'head', has closed the pipe.
    return !out().checkError();
  }
}
