package dev.retrain.cli.option;

import dev.retrain.backbone.format.FileFormats.Expected;
import dev.retrain.util.RetrainException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A trained model; the default is where 'train' writes it. */
public final class ModelParameter {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description =
          "The model's graph, as 'train' or retrain.py wrote it. Default: ${DEFAULT-VALUE}.")
  private Path model = Path.of("tmp/output_graph.pb");

  /** The file of the model's graph, which exists. */
  public Path existingFile() {
    return requireFile(spec, model);
  }

  /**
   * @param command the command that has the model as a parameter
   * @param model the file of a model's graph
   * @return the same file, which exists
   */
  public static Path requireFile(CommandSpec command, Path model) {
    if (!Files.isRegularFile(model)) {
      Optional<RetrainException> reason =
          NetworkFiles.explain(model.toString(), Expected.TRAINED_MODEL);
      if (reason.isPresent()) {
        throw NetworkFiles.usage(command, "MODEL", reason.get());
      }
      throw UsageErrors.create(
          command, "MODEL %s is not a file; give the graph that 'train' wrote", model);
    }
    return model;
  }
}
