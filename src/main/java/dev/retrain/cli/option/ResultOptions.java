package dev.retrain.cli.option;

import dev.retrain.job.finetune.FineTuneSettings;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.model.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a training writes its results. */
public final class ResultOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nResults:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = {"-o", "--output-graph"},
        paramLabel = "FILE",
        description =
            "The retrained frozen graph; its metadata is written beside it as .json. Default:"
                + " ${DEFAULT-VALUE}.")
    private Path outputGraph = Path.of("tmp/output_graph.pb");

    @Option(
        names = "--output-labels",
        paramLabel = "FILE",
        description = "The class labels, one per line. Default: ${DEFAULT-VALUE}.")
    private Path outputLabels = Path.of("tmp/output_labels.txt");

    @Option(
        names = "--final-tensor-name",
        paramLabel = "NAME",
        description = "The name of the graph's output tensor. Default: ${DEFAULT-VALUE}.")
    private String finalTensorName = "final_result";

    @Option(
        names = "--summaries-dir",
        paramLabel = "DIR",
        description =
            "TensorBoard's log directory; events of an earlier run are moved to a subdirectory."
                + " Default: ${DEFAULT-VALUE}.")
    private Path summariesDir = Path.of("tmp/retrain_logs");

    @Option(
        names = "--plots-dir",
        paramLabel = "DIR",
        description =
            "The directory for accuracy_plot.png and loss_plot.png. Default: ${DEFAULT-VALUE}.")
    private Path plotsDir = Path.of("image");

    @Option(names = "--no-plots", description = "Do not draw the plots.")
    private boolean noPlots;

    @Option(
        names = {"-f", "--force"},
        description = "Overwrite an existing result.")
    private boolean force;

    @Option(names = "--print-misclassified", description = "List the misclassified test images.")
    private boolean printMisclassified;
  }

  /**
   * The files to write; none of them exists, unless they may be overwritten.
   *
   * @param dryRun whether nothing is written
   * @param resumed whether the result of an interrupted training is replaced, if there is one
   * @param images the image directory or manifest, which the outputs must not change; empty if
   *     there is none
   */
  public TrainOutputs outputs(boolean dryRun, boolean resumed, Optional<Path> images)
      throws IOException {
    if (!group.finalTensorName.matches("[A-Za-z0-9.][A-Za-z0-9_.\\-]*")) {
      throw UsageErrors.create(
          spec,
          "--final-tensor-name '%s' is not a valid TensorFlow name; use letters, digits, '_', '.'"
              + " and '-'",
          group.finalTensorName);
    }
    TrainOutputs outputs =
        new TrainOutputs(
            new ModelFiles(group.outputGraph, group.outputLabels),
            group.finalTensorName,
            group.summariesDir,
            group.noPlots ? Optional.empty() : Optional.of(group.plotsDir));
    checkDistinct(outputs.model());
    if (images.isPresent()) {
      new OutputFileChecks(spec)
          .location("--output-graph", group.outputGraph)
          .location("--output-labels", group.outputLabels)
          .location("--summaries-dir", group.summariesDir)
          .location("--plots-dir", outputs.plotsDir())
          .outside(images.get());
    }
    if (group.force || dryRun) {
      return outputs;
    }
    Path checkpoint = FineTuneSettings.checkpoint(group.outputGraph);
    if (!Files.exists(checkpoint)) {
      outputs
          .earlierResult()
          .ifPresent(
              file -> {
                throw UsageErrors.create(
                    spec,
                    "%s already exists; overwrite it with --force, or choose another"
                        + " --output-graph and --output-labels",
                    file);
              });
    } else if (!resumed) {
      throw UsageErrors.create(
          spec,
          "%s is the checkpoint of an interrupted fine-tuning; continue it with --resume, or discard it"
              + " with --force",
          checkpoint);
    }
    return outputs;
  }

  private void checkDistinct(ModelFiles files) {
    Path labels = files.labels().toAbsolutePath().normalize();
    if (labels.equals(files.graph().toAbsolutePath().normalize())) {
      throw UsageErrors.create(
          spec, "--output-graph and --output-labels name the same file, %s", files.labels());
    }
    if (labels.equals(files.metadata().toAbsolutePath().normalize())) {
      throw UsageErrors.create(
          spec,
          "--output-labels %s is the file of the metadata, which is written beside --output-graph;"
              + " choose another name",
          files.labels());
    }
    Path checkpoint = FineTuneSettings.checkpoint(files.graph());
    if (labels.equals(checkpoint.toAbsolutePath().normalize())) {
      throw UsageErrors.create(
          spec,
          "--output-labels %s is the checkpoint of a fine-tuning, which is written beside"
              + " --output-graph and deleted at the end; choose another name",
          files.labels());
    }
  }

  public boolean printMisclassified() {
    return group.printMisclassified;
  }
}
