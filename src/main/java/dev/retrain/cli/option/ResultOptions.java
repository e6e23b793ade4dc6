package dev.retrain.cli.option;

import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.job.output.TrainOutputs;
import dev.retrain.model.ModelFiles;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where results go. */
public final class ResultOptions {
  @ArgGroup(validate = false, heading = "%nResults:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = {"-o", "--output-graph"},
        paramLabel = "FILE",
        description =
            "The retrained frozen graph; its description goes beside it as .json. Default:"
                + " ${DEFAULT-VALUE}.")
    private Path outputGraph = Path.of("tmp/output_graph.pb");

    @Option(
        names = "--output-labels",
        paramLabel = "FILE",
        description = "The classes, a line each. Default: ${DEFAULT-VALUE}.")
    private Path outputLabels = Path.of("tmp/output_labels.txt");

    @Option(
        names = "--final-tensor-name",
        paramLabel = "NAME",
        description = "The graph's output. Default: ${DEFAULT-VALUE}.")
    private String finalTensorName = "final_result";

    @Option(
        names = "--summaries-dir",
        paramLabel = "DIR",
        description =
            "TensorBoard's directory; an earlier run's events are moved aside. Default:"
                + " ${DEFAULT-VALUE}.")
    private Path summariesDir = Path.of("tmp/retrain_logs");

    @Option(
        names = "--plots-dir",
        paramLabel = "DIR",
        description = "Where accuracy_plot.png and loss_plot.png go. Default: ${DEFAULT-VALUE}.")
    private Path plotsDir = Path.of("image");

    @Option(names = "--no-plots", description = "Draw none.")
    private boolean noPlots;

    @Option(
        names = {"-f", "--force"},
        description = "Write over an earlier result.")
    private boolean force;

    @Option(
        names = "--print-misclassified",
        description = "List the test images that are told wrong.")
    private boolean printMisclassified;
  }

  public TrainOutputs outputs(RetrainCommand command) {
    if (!group.finalTensorName.matches("[A-Za-z0-9.][A-Za-z0-9_.\\-]*")) {
      throw command.usage(
          "--final-tensor-name '%s' is not a name TensorFlow takes"
              .formatted(group.finalTensorName));
    }
    TrainOutputs outputs =
        new TrainOutputs(
            new ModelFiles(group.outputGraph, group.outputLabels),
            group.finalTensorName,
            group.summariesDir,
            group.noPlots ? Optional.empty() : Optional.of(group.plotsDir));
    if (!group.force) {
      outputs
          .earlierResult()
          .ifPresent(
              file -> {
                throw command.usage(
                    "%s is there already; write over it with --force, or name another"
                            .formatted(file)
                        + " --output-graph and --output-labels");
              });
    }
    return outputs;
  }

  public boolean printMisclassified() {
    return group.printMisclassified;
  }
}
