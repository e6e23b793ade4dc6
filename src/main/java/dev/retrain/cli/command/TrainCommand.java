package dev.retrain.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.option.ResultOptions;
import dev.retrain.cli.option.TrainingOptionsMixin;
import dev.retrain.cli.output.PlotFiles;
import dev.retrain.cli.output.TrainResultPrinter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.job.output.TrainResult;
import dev.retrain.job.train.TrainJob;
import dev.retrain.training.TrainingOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code retrain train}. */
@Command(
    name = "train",
    header = "Train a classifier on a directory of images.",
    description =
        "%nComputes the bottleneck vector of every image that has none in the cache, trains a"
            + " softmax layer on them (or hidden layers before it, too), tests it, and writes the retrained graph, its labels,"
            + " TensorBoard's events and two plots. retrain.py's spellings of the options"
            + " (--image_dir, --learning_rate, --how_many_training_steps, ...) are taken, too.%n",
    footer = {
      "",
      "Examples:",
      "  retrain train --image-dir photos --backbone scattering",
      "  retrain train --backbone mobilenet_v1_0.25_224 --features multi --lr 0.01",
      "  retrain train --hidden-units 1024 --epochs 20 --lr 0.001 --schedule cosine"
          + " --weight-decay 1",
      "  retrain train --vectors bottlenecks_of_retrain_py",
    })
public final class TrainCommand extends TrainingCommand {
  private static final String LEARNING = "learning";

  @Mixin(name = LEARNING)
  private TrainingOptionsMixin learning;

  @Mixin private ResultOptions results;

  @Option(
      names = "--embedding",
      description =
          "Give TensorBoard's projector the vectors (10,000 at most, as many of each class), with"
              + " their labels, what they are taken for, and thumbnails.")
  private boolean embedding;

  /**
   * @param interruption the user's wish to stop
   * @param sources where published files come from
   */
  public TrainCommand(Interruption interruption, DownloadSources sources) {
    super(interruption, sources);
  }

  @Override
  public ExitCode run() throws IOException {
    SplitOptions split = split();
    TrainingOptions training;
    try {
      training = learning.training();
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
    if (learning.testBatchSize() < 1) {
      throw usage("test batch size must be at least 1, but is " + learning.testBatchSize());
    }
    checkSource();
    TrainOutputs outputs = results.outputs(this);
    loadTensorFlow();
    if (isDryRun()) {
      return dryRun();
    }
    TrainResult report =
        TrainJob.builder(source(), outputs)
            .split(split)
            .training(training)
            .testBatchSize(learning.testBatchSize())
            .options(optionsInForce())
            .hyperparameters(values(spec.mixins().get(LEARNING).options()))
            .embedding(embedding)
            .build()
            .run(progress());
    List<Path> plots = PlotFiles.write(report.training(), outputs);
    print(new TrainResultPrinter(report, outputs, plots));
    return interrupted(this, report);
  }

  @Override
  public ObjectNode optionsInForce() {
    ObjectNode options = super.optionsInForce();
    learning.withoutForce().forEach(options::remove);
    return options;
  }

  private void print(TrainResultPrinter printer) throws IOException {
    if (json()) {
      ObjectNode node = printer.json();
      if (results.printMisclassified()) {
        node.set("misclassified", printer.misclassified());
      }
      printJson(node);
    } else {
      printer.print(out());
      if (results.printMisclassified()) {
        printer.printMisclassified(out());
      }
      out().flush();
    }
  }

  /** Says what an interrupted training has kept. */
  static ExitCode interrupted(RetrainCommand command, TrainResult report) {
    if (!report.training().cancelled()) {
      return ExitCode.OK;
    }
    PrintWriter err = command.err();
    err.println(
        "Interrupted at iteration %,d: the best layer so far, of iteration %,d, is saved."
            .formatted(
                report.model().metrics().iterations(), report.model().metrics().bestIteration()));
    err.flush();
    return ExitCode.INTERRUPTED;
  }
}
