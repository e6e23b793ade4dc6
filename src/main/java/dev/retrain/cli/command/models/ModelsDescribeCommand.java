package dev.retrain.cli.command.models;

import dev.retrain.backbone.registry.BackboneStore;
import dev.retrain.cli.command.RetrainCommand;
import dev.retrain.cli.option.ModelHintOptions;
import dev.retrain.cli.option.OptionNames;
import dev.retrain.cli.option.backbone.BackboneCandidates;
import dev.retrain.cli.output.describe.DescriptionJson;
import dev.retrain.cli.output.describe.DescriptionPrinter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.fetch.DownloadSources;
import dev.retrain.job.describe.DescribeJob;
import dev.retrain.job.describe.Description;
import dev.retrain.model.legacy.ModelHints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code retrain models describe}. */
@Command(
    name = "describe",
    header = "Print what is in a frozen graph, a SavedModel or a known backbone.",
    description =
        "%nPrints inputs, outputs, layers, tensors that can be features, ops, parameters and"
            + " multiply-adds, whether the graph may run, and how it would be used as a backbone and"
            + " as a trained model. Of a SavedModel, the signatures are printed. Nothing is run.%n",
    footer = {
      "",
      "Examples:",
      "  retrain models describe retrained_graph.pb --write",
      "  retrain models describe mobilenet_v1_0.25_224 --json",
    })
public final class ModelsDescribeCommand extends RetrainCommand {
  @Parameters(
      paramLabel = "NETWORK",
      completionCandidates = BackboneCandidates.class,
      description =
          "A frozen graph, a SavedModel's directory or an archive of it, or the name of a backbone that"
              + " is available locally.")
  private String network;

  @Option(
      names = "--write",
      description =
          "Write the metadata of a model of retrain.py next to the graph, so that no option is needed"
              + " to use it.")
  private boolean write;

  @Option(
      names = "--model-dir",
      paramLabel = "DIR",
      description = "The directory of the backbones. Default: ${DEFAULT-VALUE}.")
  private Path modelDir = Path.of("tmp/imagenet");

  @Mixin private ModelHintOptions hints;

  private final DownloadSources sources;

  /**
   * @param interruption requests to stop the command
   * @param sources where published files are downloaded from
   */
  public ModelsDescribeCommand(Interruption interruption, DownloadSources sources) {
    super(interruption);
    this.sources = sources;
  }

  @Override
  protected ExitCode run() throws IOException {
    ModelHints known = hints.hints();
    if (write && Files.isDirectory(Path.of(network))) {
      throw usage(
          "--write requires the graph of a model of retrain.py, but %s is a directory", network);
    }
    loadTensorFlow();
    Description description =
        new DescribeJob(network, new BackboneStore(modelDir, sources), known, write).run();
    if (json()) {
      printJson(new DescriptionJson(description, OptionNames.of(spec())).json());
    } else {
      new DescriptionPrinter(description, OptionNames.of(spec())).print(console());
    }
    return ExitCode.OK;
  }
}
