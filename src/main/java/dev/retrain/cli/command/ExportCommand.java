package dev.retrain.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.option.ModelHintOptions;
import dev.retrain.cli.option.ModelParameter;
import dev.retrain.cli.option.TrustGraphOption;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.job.export.ExportModelJob;
import dev.retrain.model.export.SavedModelWriter;
import dev.retrain.model.export.SavedModelWriter.Signature;
import dev.retrain.model.legacy.ModelHints;
import dev.retrain.util.Json;
import dev.retrain.util.io.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code retrain export}. */
@Command(
    name = "export",
    header = "Write a trained model as a TensorFlow SavedModel.",
    description =
        "%nThe signature serving_default accepts a batch of encoded image files and returns label,"
            + " labels and probabilities. The signature images accepts float32 images, preprocessed"
            + " for the backbone. Both accept vectors if the model was trained on --vectors. The"
            + " labels are in assets/labels.txt. The frozen graph is not changed.%n",
    footer = {
      "",
      "Example:",
      "  retrain export --to saved && saved_model_cli show --dir saved --all",
    })
public final class ExportCommand extends RetrainCommand {
  @Mixin private ModelParameter model;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "The directory of the SavedModel. Default: ${DEFAULT-VALUE}.")
  private Path directory = Path.of("tmp/saved_model");

  @Option(
      names = {"-f", "--force"},
      description = "Replace an existing SavedModel.")
  private boolean force;

  @Mixin private ModelHintOptions hints;
  @Mixin private TrustGraphOption trust;

  /**
   * @param interruption requests to stop the command
   */
  public ExportCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  protected ExitCode run() throws IOException {
    Path checked = model.existingFile();
    if (SavedModelWriter.isSavedModel(directory) && !force) {
      throw usage("%s already exists; replace it with --force, or choose another --to", directory);
    }
    ModelHints known = hints.hints();
    loadTensorFlow();
    print(new ExportModelJob(checked, directory, trust.isTrusted(), known).run());
    return ExitCode.OK;
  }

  private void print(ExportModelJob.Result report) throws IOException {
    if (json()) {
      printJson(
          Json.mapper()
              .<ObjectNode>valueToTree(report)
              // As a path, not as a file: URL.
              .put("directory", report.directory().toString()));
      return;
    }
    line(
        "SavedModel with %2$,d classes written to %1$s (%3$s).",
        report.directory(), report.classes(), ByteSize.format(report.bytes()));
    for (Signature signature : report.signatures()) {
      line(
          "  Signature %s: input %s, %s %s",
          signature.name(), signature.input(), signature.type(), signature.shape());
    }
  }
}
