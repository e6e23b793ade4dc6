package dev.retrain.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.fetch.Sources;
import dev.retrain.job.Outputs;
import dev.retrain.job.PictureSource;
import dev.retrain.job.Source;
import dev.retrain.job.TrainJob;
import dev.retrain.job.TrainReport;
import dev.retrain.model.ModelDescription.Versions;
import dev.retrain.training.TrainingOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;

/** {@code retrain train}. */
@Command(
    name = "train",
    header = "Train a classifier on a directory of pictures.",
    description =
        "%nComputes the bottleneck vector of every picture that has none in the cache, trains a"
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
public final class TrainCommand extends RetrainCommand {
  private static final String PICTURES = "pictures";
  private static final String BACKBONE = "backbone";
  private static final String COMPUTATION = "computation";

  @Mixin(name = PICTURES)
  private PictureOptions pictures;

  @Mixin(name = BACKBONE)
  private BackboneOptions backbone;

  @Mixin(name = COMPUTATION)
  private ComputationOptions computation;

  @Mixin private VectorOptions vectors;
  @Mixin private PartitionOptions partitions;
  @Mixin private LearningOptions learning;
  @Mixin private ResultOptions results;

  private final Sources sources;

  /**
   * @param interruption the user's wish to stop
   * @param sources where published files come from
   */
  public TrainCommand(Interruption interruption, Sources sources) {
    super(interruption);
    this.sources = sources;
  }

  @Override
  ExitCode run() throws IOException {
    SplitOptions split;
    TrainingOptions training;
    try {
      split = partitions.split();
      training = learning.training();
    } catch (IllegalArgumentException e) {
      throw usage(e);
    }
    if (learning.testBatchSize() < 1) {
      throw usage("test batch size must be at least 1, but is " + learning.testBatchSize());
    }
    if (vectors.given()) {
      checkNothingOfPictures();
      vectors.check(this);
    } else {
      pictures.check(this);
      computation.check(this);
    }
    Outputs outputs = results.outputs(this);
    loadTensorFlow();
    TrainReport report =
        new TrainJob(
                source(), split, training, learning.testBatchSize(), outputs, options(), versions())
            .run(progress());
    print(new TrainResultPrinter(report, outputs));
    return interrupted(this, report);
  }

  private Source source() throws IOException {
    return vectors.given()
        ? vectors.source(pictures.strict())
        : new PictureSource(
            pictures.job(computation.of(backbone.load(this, sources), pictures.imageDir())));
  }

  private void checkNothingOfPictures() {
    ofPictures()
        .map(OptionSpec::longestName)
        .filter(spec.commandLine().getParseResult()::hasMatchedOption)
        .findFirst()
        .ifPresent(
            name -> {
              throw usage("%s and --vectors exclude each other".formatted(name));
            });
  }

  /** The options that say nothing where vectors are given. */
  private Stream<OptionSpec> ofPictures() {
    return Stream.of(PICTURES, BACKBONE, COMPUTATION)
        .flatMap(mixin -> spec.mixins().get(mixin).options().stream())
        .filter(option -> !option.longestName().equals("--strict"));
  }

  private ObjectNode options() {
    ObjectNode options = optionsInForce();
    if (vectors.given()) {
      ofPictures().map(RetrainCommand::key).forEach(options::remove);
    }
    learning.withoutForce().forEach(options::remove);
    return options;
  }

  static Versions versions() throws IOException {
    return new Versions(
        VersionProvider.retrain(), VersionProvider.tensorFlow(), Runtime.version().toString());
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
  static ExitCode interrupted(RetrainCommand command, TrainReport report) {
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
