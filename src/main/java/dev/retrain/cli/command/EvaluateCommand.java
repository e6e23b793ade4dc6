package dev.retrain.cli.command;

import dev.retrain.cli.option.ModelHintOptions;
import dev.retrain.cli.option.ModelParameter;
import dev.retrain.cli.option.OutputFileChecks;
import dev.retrain.cli.option.RunTimeoutOption;
import dev.retrain.cli.option.TrustGraphOption;
import dev.retrain.cli.option.data.EvaluationDataOptions;
import dev.retrain.cli.output.evaluation.EvaluateResultPrinter;
import dev.retrain.cli.output.evaluation.ResultPrinter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.Partition;
import dev.retrain.evaluation.ConfusionPlot;
import dev.retrain.job.evaluate.EvaluateJob;
import dev.retrain.job.evaluate.EvaluateResult;
import dev.retrain.model.ModelBundle;
import dev.retrain.report.EvaluationTables;
import dev.retrain.training.Objective;
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
    header = "Measure the accuracy of a trained model and list its mistakes.",
    description =
        "%nRuns a model on labeled images. Prints accuracy with its 95%% confidence interval"
            + " (Wilson), top-5 accuracy, loss, calibration (expected calibration error),"
            + " precision, recall and F1 of each class, the confusion matrix, and the most confident"
            + " mistakes. Vectors are read from the cache; missing ones are computed with the"
            + " model's own backbone. Images the model was trained on are excluded unless"
            + " --partition selects them, and so are copies of them, which are detected from the"
            + " content. For a model with several labels per image: mean average precision, micro and"
            + " macro F1, average precision and threshold of each class, false positives and false"
            + " negatives.%n",
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
      paramLabel = "SET",
      description =
          "The evaluated set: test, validation, training or all. In the directory the model was"
              + " trained on, the split is that of the training run. In another directory, all images"
              + " are test images, except those used for training or validation. Default:"
              + " ${DEFAULT-VALUE}.")
  private EvaluatedSet set = EvaluatedSet.TEST;

  @Mixin private EvaluationDataOptions evaluated;

  @ArgGroup(validate = false, heading = "%nResults:%n")
  private Results results = new Results();

  /** The evaluated images. */
  enum EvaluatedSet {
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
        description =
            "How many of the most confident mistakes to list; for a model with several labels per"
                + " image, how many false positives and how many false negatives. Default:"
                + " ${DEFAULT-VALUE}.")
    private int mistakes = 10;

    @Option(
        names = "--predictions",
        paramLabel = "FILE",
        description =
            "Write a CSV file with one row per image: path, set, actual class, predicted class, and"
                + " the probability of every class. Several labels of an image are separated by"
                + " semicolons.")
    private Path predictions;

    @Option(
        names = "--confusion-csv",
        paramLabel = "FILE",
        description =
            "Write the confusion matrix as a CSV file: one row per actual class, one column per"
                + " predicted class.")
    private Path confusionCsv;

    @Option(
        names = "--confusion-png",
        paramLabel = "FILE",
        description = "Draw the confusion matrix as a PNG file.")
    private Path confusionPng;

    OutputFileChecks check(EvaluateCommand command) throws IOException {
      if (mistakes < 0) {
        throw command.usage("--mistakes must be at least 0, but is %d", mistakes);
      }
      return new OutputFileChecks(command.spec())
          .add("--predictions", Optional.ofNullable(predictions))
          .add("--confusion-csv", Optional.ofNullable(confusionCsv))
          .add("--confusion-png", Optional.ofNullable(confusionPng));
    }
  }

  @Mixin private ModelHintOptions hints;
  @Mixin private TrustGraphOption trust;
  @Mixin RunTimeoutOption runTimeout;

  /**
   * @param interruption requests to stop the command
   */
  public EvaluateCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  protected ExitCode run() throws IOException {
    Path checked = model.existingFile();
    evaluated.check(results.check(this), checked);
    checkMatrix(checked);
    EvaluateJob job = evaluated.job(checked, set.partition(), trust.isTrusted(), hints.hints());
    loadTensorFlow();
    EvaluateResult result = job.run(progress());
    write(result);
    ResultPrinter printer = EvaluateResultPrinter.create(result, results.mistakes);
    if (json()) {
      printJson(printer.json());
    } else {
      printer.print(console());
    }
    return ExitCode.OK;
  }

  private void checkMatrix(Path checked) throws IOException {
    boolean matrix = results.confusionCsv != null || results.confusionPng != null;
    if (matrix
        && ModelBundle.hasMetadata(checked)
        && ModelBundle.metadata(checked).objective() == Objective.MULTI_LABEL) {
      throw usage(
          "%s: %s gives an image several labels, for which there is no confusion matrix; the table"
              + " has the metrics of each class",
          results.confusionCsv != null ? "--confusion-csv" : "--confusion-png", checked);
    }
  }

  private void write(EvaluateResult result) throws IOException {
    if (results.predictions != null) {
      EvaluationTables.writePredictions(
          result.assessment(),
          result.files().stream().map(Path::toString).toList(),
          result.partitions().stream().map(Partition::word).toList(),
          results.predictions);
    }
    if (results.confusionCsv != null) {
      EvaluationTables.writeConfusion(result.metrics().confusion(), results.confusionCsv);
    }
    if (results.confusionPng != null) {
      try {
        ConfusionPlot.write(result.metrics().confusion(), results.confusionPng);
      } catch (LinkageError | InternalError e) {
        // A Java runtime without fonts, as in a slim container, throws errors.
        throw new RetrainException(
            e, "The confusion matrix can't be drawn (%s). Install fontconfig and a font.", e);
      }
    }
  }
}
