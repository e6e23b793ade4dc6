package dev.retrain.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retrain.cli.option.ModelParameter;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Interruption;
import dev.retrain.job.export.ExportModelJob;
import dev.retrain.model.SavedModelWriter;
import dev.retrain.model.SavedModelWriter.Signature;
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
        "%nIts signature serving_default takes the bytes of image files, any number at once, and"
            + " gives label, labels and probabilities; the signature images takes float32 images"
            + " as the network does. A model trained on --vectors takes vectors in both places. The"
            + " labels are in assets/labels.txt. The frozen graph stays.%n",
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
      description = "The SavedModel's directory. Default: ${DEFAULT-VALUE}.")
  private Path directory = Path.of("tmp/saved_model");

  @Option(
      names = {"-f", "--force"},
      description = "Replace a SavedModel that is there.")
  private boolean force;

  /**
   * @param interruption the user's wish to stop
   */
  public ExportCommand(Interruption interruption) {
    super(interruption);
  }

  @Override
  public ExitCode run() throws IOException {
    Path checked = model.checked(this);
    if (SavedModelWriter.isSavedModel(directory) && !force) {
      throw usage(
          "%s is there already; replace it with --force, or name another --to"
              .formatted(directory));
    }
    loadTensorFlow();
    print(new ExportModelJob(checked, directory).run());
    return ExitCode.OK;
  }

  private void print(ExportModelJob.Result report) throws IOException {
    if (json()) {
      printJson(
          Json.mapper()
              .<ObjectNode>valueToTree(report)
              // Not as the address of a file.
              .put("directory", report.directory().toString()));
      return;
    }
    line(
        "%s: a SavedModel of %,d classes, %s.",
        report.directory(), report.classes(), ByteSize.format(report.bytes()));
    for (Signature signature : report.signatures()) {
      line(
          "  %s takes %s, %s %s",
          signature.name(), signature.input(), signature.type(), signature.shape());
    }
  }
}
