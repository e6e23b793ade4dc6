package dev.retrain.cli.option;

import dev.retrain.backbone.format.FileFormats;
import dev.retrain.backbone.format.FileFormats.Expected;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Usage errors for paths that are not a network, which say what they are instead. */
public final class NetworkFiles {
  private NetworkFiles() {}

  /**
   * The error for a path that is not a file.
   *
   * @param command for its usage errors
   * @param option what the command line calls the path
   * @param path a directory, or a path where there is nothing
   * @param expected what is expected there
   */
  public static ParameterException notAFile(
      CommandSpec command, String option, Path path, Expected expected) {
    return explain(path.toString(), expected)
        .map(reason -> usage(command, option, reason))
        .orElseGet(() -> UsageErrors.create(command, "%s %s is not a file", option, path));
  }

  /**
   * What a path or name is, if it is known; empty if there is nothing of that name.
   *
   * @param name what the user typed
   * @param expected what is expected
   */
  public static Optional<RetrainException> explain(String name, Expected expected) {
    try {
      Optional<RetrainException> remote = FileFormats.explainName(name, expected);
      return remote.isPresent() ? remote : FileFormats.explain(Path.of(name), expected);
    } catch (InvalidPathException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The usage error for an explanation.
   *
   * @param command for its usage errors
   * @param option what the command line calls the path
   * @param reason the explanation
   */
  public static ParameterException usage(
      CommandSpec command, String option, RetrainException reason) {
    return UsageErrors.create(command, "%s %s", option, reason.message(OptionNames.of(command)));
  }
}
