package dev.retrain.cli.option;

import dev.retrain.cli.command.RetrainCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** Which trained model, where one that is not named is the one that 'train' writes. */
public final class ModelParameter {
  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description = "The graph that 'train' wrote. Default: ${DEFAULT-VALUE}.")
  private Path model = Path.of("tmp/output_graph.pb");

  /** The model's file, which is there. */
  public Path checked(RetrainCommand command) {
    return checked(command, model);
  }

  public static Path checked(RetrainCommand command, Path model) {
    if (!Files.isRegularFile(model)) {
      throw command.usage(
          "MODEL %s is not a file; give the graph that 'train' wrote".formatted(model));
    }
    return model;
  }
}
