package dev.retrain.cli.command;

import dev.retrain.cli.option.ModelParameter;
import dev.retrain.cli.output.PredictionFormat;
import dev.retrain.cli.output.PredictionFormat.Printer;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.cli.process.ProgressDisplay;
import dev.retrain.cli.process.Terminal;
import dev.retrain.job.predict.InputPaths;
import dev.retrain.job.predict.PredictJob;
import dev.retrain.job.predict.PredictJob.Classified;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrain predict}. */
@Command(
    name = "predict",
    header = "Classify images with a trained model.",
    description =
        "%nPrints the most probable classes of each image, in the order of the paths, as it goes."
            + " A file that is no image, or is not there, gets a line with the reason, and the"
            + " exit code is 1 at the end.%n",
    footer = {
      "",
      "Examples:",
      "  retrain predict tmp/output_graph.pb some.jpg other.png",
      "  retrain predict tmp/output_graph.pb photos --top 1 --format csv > photos.csv",
      "  find . -name '*.jpg' -print0 | retrain predict tmp/output_graph.pb - --null --json",
    })
public final class PredictCommand extends RetrainCommand {
  @Parameters(index = "0", paramLabel = "MODEL", description = "The graph that 'train' wrote.")
  private Path model;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "Image files; directories, for all files below them, by name; - for paths on standard"
              + " input, one a line.")
  private List<String> paths;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "Classes to print. Default: ${DEFAULT-VALUE}.")
  private int top = 5;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "text; jsonl, one JSON object a line (as --json); or csv, one row an image. Default:"
              + " text.")
  private PredictionFormat format;

  @Option(
      names = {"-0", "--null"},
      description = "Paths on standard input end with NUL, as 'find -print0' writes them.")
  private boolean nul;

  private ExitCode exit = ExitCode.OK;

  /**
   * @param interruption the user's wish to stop
   */
  public PredictCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  public ExitCode run() throws IOException {
    if (top < 1) {
      throw usage("--top must be at least 1, but is " + top);
    }
    ModelParameter.checked(this, model);
    if (json() && format != null && format != PredictionFormat.JSONL) {
      throw usage("--json and --format %s exclude each other".formatted(format));
    }
    if (nul && !paths.contains(InputPaths.STREAM)) {
      throw usage("--null goes with - for paths on standard input");
    }
    loadTensorFlow();
    InputPaths images = new InputPaths(paths, System.in, nul ? '\0' : '\n');
    // How far it is would be news where lines go elsewhere, and are many.
    Progress progress =
        images.mayExpand() && !Terminal.stdout()
            ? progress()
            : new ProgressDisplay(System.err, ProgressDisplay.Style.NOTHING, interruption);
    Printer printer = format().printer(out(), top);
    new PredictJob(model, top).run(images, some -> take(some, printer), progress);
    return exit;
  }

  private PredictionFormat format() {
    if (format != null) {
      return format;
    }
    return json() ? PredictionFormat.JSONL : PredictionFormat.TEXT;
  }

  private boolean take(List<Classified> images, Printer printer) throws IOException {
    for (Classified image : images) {
      printer.print(image);
      image
          .reason()
          .ifPresent(
              reason -> {
                exit = ExitCode.FAILED;
                err().println("%s: %s.".formatted(image.image(), reason));
              });
    }
    err().flush();
    // True where nobody reads on, as of 'head': then the rest is not wanted.
    return !out().checkError();
  }
}
