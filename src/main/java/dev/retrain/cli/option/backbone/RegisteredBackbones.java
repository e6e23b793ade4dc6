package dev.retrain.cli.option.backbone;

import dev.retrain.backbone.format.FileFormats.Expected;
import dev.retrain.backbone.registry.BackboneRegistry;
import dev.retrain.backbone.registry.BackboneSpec;
import dev.retrain.backbone.registry.FeatureSet;
import dev.retrain.cli.option.NetworkFiles;
import dev.retrain.cli.option.UsageErrors;
import dev.retrain.image.ResizeMode;
import dev.retrain.util.RetrainException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Finds backbones of the registry by the names that users type. */
public final class RegisteredBackbones {
  private RegisteredBackbones() {}

  /**
   * @param command for its usage errors
   * @param argument what the command line calls the name
   * @param name what the user typed
   * @throws ParameterException if no backbone has that name; it suggests a similar one
   */
  public static BackboneSpec require(CommandSpec command, String argument, String name) {
    return BackboneRegistry.find(name).orElseThrow(() -> unknown(command, argument, name));
  }

  private static ParameterException unknown(CommandSpec command, String argument, String name) {
    // The second one explains a frozen graph, which is an option of its own.
    Optional<RetrainException> file =
        NetworkFiles.explain(name, Expected.NETWORK)
            .or(() -> NetworkFiles.explain(name, Expected.SAVED_MODEL));
    if (file.isPresent()) {
      return NetworkFiles.usage(command, argument, file.get());
    }
    List<String> names = BackboneRegistry.list().stream().map(BackboneSpec::name).toList();
    return UsageErrors.create(
        command,
        "%s '%s' is not a known backbone%s Known backbones: %s",
        argument,
        name,
        suggestion(names, name),
        String.join(", ", names));
  }

  /** The most similar name by picocli's measure, which compares names of commands. */
  private static String suggestion(List<String> names, String name) {
    CommandLine commands = new CommandLine(CommandSpec.create());
    names.forEach(known -> commands.addSubcommand(known, CommandSpec.create()));
    return new UnmatchedArgumentException(commands, List.of(name))
        .getSuggestions().stream().findFirst().map("; did you mean '%s'?"::formatted).orElse(".");
  }

  /** The word for a backbone of the registry that ends the names of its bottleneck files. */
  public static String architecture(
      BackboneSpec spec, FeatureSet features, boolean flipAveraging, ResizeMode resize) {
    return spec.architecture(features)
        + (flipAveraging ? "_mirrored" : "")
        + (resize == ResizeMode.STRETCH ? "" : "_" + resize);
  }
}
