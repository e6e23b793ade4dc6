package dev.retrain.cli.command;

import dev.retrain.cli.option.EvaluationDataOptions;
import dev.retrain.cli.option.ModelParameter;
import dev.retrain.cli.option.OutputFileChecks;
import dev.retrain.cli.output.EvaluateResultPrinter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.Partition;
import dev.retrain.evaluation.ConfusionPlot;
import dev.retrain.job.evaluate.EvaluateResult;
import dev.retrain.report.EvaluationTables;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code retrain evaluate}. */
@Command(
    name = "evaluate",
    header = "Say how good a trained model is, and where it goes wrong.",
    description =
        "%nRuns a model on images whose classes are known: accuracy with its 95 %% confidence"
            + " interval (Wilson), top-5 accuracy, loss, precision, recall and F1 of each class,"
            + " which class is taken for which, whether the probabilities are to be believed (ECE),"
            + " and the surest mistakes. Vectors come from the cache; those it does not hold are"
            + " computed by the model's own network. Images the model was trained on are left"
            + " out unless --partition asks for them; copies of them are told by their content.%n",
    footer = {
      "",
      "Examples:",
      "  retrain evaluate",
      "  retrain evaluate tmp/output_graph.pb --image-dir new_photos --mistakes 20",
      "  retrain evaluate --confusion-png confusion.png --predictions predictions.csv",
    })
public final class EvaluateCommand extends RetrainCommand {
  @Mixin private ModelParameter model;

  @Option(
      names = "--partition",
      paramLabel = "PART",
      description =
          "test, validation, training or all, as the training dealt them. In a directory that is not"
              + " the model's own, test images are those it was neither trained on nor validated"
              + " with. Default: ${DEFAULT-VALUE}.")
  private Which which = Which.TEST;

  @Mixin private EvaluationDataOptions evaluated;

  @ArgGroup(validate = false, heading = "%nResults:%n")
  private Results results = new Results();

  /** Which images. */
  enum Which {
    TEST,
    VALIDATION,
    TRAINING,
    ALL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    Optional<Partition> partition() {
      return Arrays.stream(Partition.values())
          .filter(partition -> partition.name().equals(name()))
          .findFirst();
    }
  }

  private static final class Results {
    @Option(
        names = "--mistakes",
        paramLabel = "N",
        description = "How many of the surest mistakes to list. Default: ${DEFAULT-VALUE}.")
    private int mistakes = 10;

    @Option(
        names = "--predictions",
        paramLabel = "FILE",
        description =
            "Write a CSV file with a row for each image: its path, partition, class, what it is"
                + " taken for, and the probability of every class.")
    private Path predictions;

    @Option(
        names = "--confusion-csv",
        paramLabel = "FILE",
        description =
            "Write the confusion matrix as a CSV file: a row for each class, a column for each it"
                + " is taken for.")
    private Path confusionCsv;

    @Option(
        names = "--confusion-png",
        paramLabel = "FILE",
        description = "Draw the confusion matrix as a PNG file.")
    private Path confusionPng;

    OutputFileChecks check(EvaluateCommand command) throws IOException {
      if (mistakes < 0) {
        throw command.usage("--mistakes must be at least 0, but is " + mistakes);
      }
      return new OutputFileChecks(command)
          .with("--predictions", Optional.ofNullable(predictions))
          .with("--confusion-csv", Optional.ofNullable(confusionCsv))
          .with("--confusion-png", Optional.ofNullable(confusionPng));
    }
  }

  /**
   * @param interruption the user's wish to stop
   */
  public EvaluateCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  public ExitCode run() throws IOException {
    Path checked = model.checked(this);
    evaluated.check(this);
    evaluated.checkWritten(results.check(this), checked);
    loadTensorFlow();
    EvaluateResult report = evaluated.job(checked, which.partition()).run(progress());
    write(report);
    EvaluateResultPrinter printer = new EvaluateResultPrinter(report, results.mistakes);
    if (json()) {
      printJson(printer.json());
    } else {
      printer.print(out());
    }
    return ExitCode.OK;
  }

  private void write(EvaluateResult report) throws IOException {
    if (results.predictions != null) {
      EvaluationTables.writePredictions(
          report.predictions(),
          report.files().stream().map(Path::toString).toList(),
          report.partitions().stream().map(Partition::word).toList(),
          results.predictions);
    }
    if (results.confusionCsv != null) {
      EvaluationTables.writeConfusion(report.metrics().confusion(), results.confusionCsv);
    }
    if (results.confusionPng != null) {
      try {
        ConfusionPlot.write(report.metrics().confusion(), results.confusionPng);
      } catch (LinkageError | InternalError e) {
        // Java without fonts (a slim container) throws errors.
        throw new RetrainException(
            "--confusion-png can't be drawn (%s); install fontconfig and any font.".formatted(e),
            e);
      }
    }
  }
}
