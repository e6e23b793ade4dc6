package dev.retrain.cli.option;

import dev.retrain.util.InvalidSettingException;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Creates the exceptions that end a command with the exit code for usage errors. */
public final class UsageErrors {
  private UsageErrors() {}

  /**
   * @param command the command whose options are wrong
   * @param format the message, as of {@link String#format(Locale, String, Object...)}
   */
  public static ParameterException create(CommandSpec command, String format, Object... arguments) {
    return new ParameterException(
        command.commandLine(), String.format(Locale.ROOT, format, arguments));
  }

  /**
   * @param command the command whose options are wrong
   * @param cause a value that the library rejects; its message names the option
   */
  public static ParameterException create(CommandSpec command, IllegalArgumentException cause) {
    String message =
        cause instanceof InvalidSettingException invalid
            ? invalid.message(OptionNames.of(command))
            : cause.getMessage();
    return new ParameterException(command.commandLine(), message, cause);
  }

  /**
   * Constructs a value from options, where an {@link IllegalArgumentException} is a usage error.
   *
   * @param command the command whose options are used
   */
  public static <T> T validate(CommandSpec command, Supplier<T> constructor) {
    try {
      return constructor.get();
    } catch (IllegalArgumentException e) {
      throw create(command, e);
    }
  }
}
