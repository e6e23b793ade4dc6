package dev.retrain.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.option.OptionValues;
import dev.retrain.cli.option.OutputFileChecks;
import dev.retrain.cli.option.ResultOptions;
import dev.retrain.cli.option.rule.OptionRules;
import dev.retrain.cli.option.training.FineTuneOptionsMixin;
import dev.retrain.cli.option.training.TrainingOptionsMixin;
import dev.retrain.cli.output.Console;
import dev.retrain.cli.output.PlotFiles;
import dev.retrain.cli.output.TrainResultPrinter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.finetune.FineTuneRequest;
import dev.retrain.job.finetune.FineTuneSettings;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.output.TrainResult;
import dev.retrain.job.train.TrainJob;
import dev.retrain.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code retrain train}. */
@Command(
    name = "train",
    header = "Train a classifier on a directory of images.",
    description =
        "%nComputes the feature vector (bottleneck) of every image that is not in the cache, trains"
            + " a softmax layer on the vectors, optionally after hidden layers, tests it, and writes"
            + " the retrained graph, its labels, TensorBoard events and two plots. retrain.py's"
            + " option names (--image_dir, --learning_rate, --how_many_training_steps, ...) are"
            + " also accepted.%n",
    footer = {
      "",
      "Examples:",
      "  retrain train --image-dir photos --backbone scattering",
      "  retrain train --backbone mobilenet_v1_0.25_224 --features multi --lr 0.01",
      "  retrain train --hidden-units 1024 --epochs 20 --lr 0.001 --schedule cosine"
          + " --weight-decay 1",
      "  retrain train --backbone mobilenet_v1_0.25_224 --fine-tune",
      "  retrain train --vectors bottlenecks_of_retrain_py",
    })
public final class TrainCommand extends TrainingCommand {
  private static final String TRAINING = "training";
  private static final String FINE_TUNING = "fineTuning";

  @Mixin(name = TRAINING)
  private TrainingOptionsMixin training;

  @Mixin(name = FINE_TUNING)
  private FineTuneOptionsMixin fineTuning;

  @Mixin private ResultOptions results;

  @Option(
      names = "--embedding",
      description =
          "Write the vectors for TensorBoard's projector, with labels, predicted classes and"
              + " thumbnails; at most 10,000, sampled evenly from the classes. After --fine-tune: those of"
              + " validation and test images.")
  private boolean embedding;

  /**
   * @param interruption requests to stop the command
   * @param sources where published files are downloaded from
   */
  public TrainCommand(Interruption interruption, DownloadSources sources) {
    super(interruption, sources);
  }

  @Override
  protected ExitCode run() throws IOException {
    SplitOptions split = split();
    TrainingOptions options = training.training();
    Optional<FineTuneRequest> tuning = fineTuning.tuning(options.seed());
    int testBatchSize = training.testBatchSize();
    checkSource();
    TrainOutputs outputs = results.outputs(isDryRun(), fineTuning.resumes(), imagePath());
    checkBackboneIsKept(outputs);
    loadTensorFlow();
    if (isDryRun()) {
      return dryRun(List.of(options.classWeights()), tuning);
    }
    TrainResult report =
        TrainJob.builder(source(tuning), outputs)
            .split(split)
            .training(options)
            .testBatchSize(testBatchSize)
            .options(effectiveOptions())
            .hyperparameters(hyperparameters())
            .embedding(embedding)
            .fineTuning(tuning.map(FineTuneRequest::settings))
            .build()
            .run(progress());
    PlotFiles plots = PlotFiles.write(report.training(), outputs);
    print(new TrainResultPrinter(report, outputs, plots.files()));
    plots.check();
    ExitCode code = reportInterruption(report, err());
    if (report.training().cancelled()
        && report.model().training().fineTuning() != null
        && Files.exists(FineTuneSettings.checkpoint(outputs.model().graph()))) {
      err().line("The same command with --resume continues the fine-tuning.");
    }
    return code;
  }

  private void checkBackboneIsKept(TrainOutputs outputs) throws IOException {
    if (fineTuning.given() && backboneFile().isPresent()) {
      new OutputFileChecks(spec())
          .location("--output-graph", outputs.model().graph())
          .location("--output-graph", outputs.model().metadata())
          .location("--output-labels", outputs.model().labels())
          .location("--summaries-dir", outputs.summariesDir())
          .besideBackbone(backboneFile().get());
    }
  }

  /** The options of the training as TensorBoard shows them. */
  private Map<String, String> hyperparameters() {
    Map<String, String> values = OptionValues.values(spec().mixins().get(TRAINING).options());
    if (fineTuning.given()) {
      values.putAll(OptionValues.values(spec().mixins().get(FINE_TUNING).options()));
      values.keySet().removeAll(OptionRules.keysWithoutEffect(spec()));
    }
    return values;
  }

  private void print(TrainResultPrinter printer) throws IOException {
    if (json()) {
      ObjectNode node = printer.json();
      if (results.printMisclassified()) {
        node.set("misclassified", printer.misclassified());
      }
      printJson(node);
    } else {
      printer.print(console());
      if (results.printMisclassified()) {
        printer.printMisclassified(console());
      }
    }
  }

  /** Reports which weights an interrupted training has saved; returns the exit code. */
  static ExitCode reportInterruption(TrainResult report, Console err) {
    if (!report.training().cancelled()) {
      return ExitCode.OK;
    }
    err.line(
        "Interrupted at iteration %,d. The best weights so far, of iteration %,d, are saved.",
        report.model().metrics().iterations(), report.model().metrics().bestIteration());
    return ExitCode.INTERRUPTED;
  }
}
