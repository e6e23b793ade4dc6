package dev.retrain.cli;

import dev.retrain.cli.config.ConfiguredExecution;
import dev.retrain.cli.config.RetrainPySpellings;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Terminal;
import dev.retrain.cli.process.VersionProvider;
import dev.retrain.util.io.NameEncoding;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;

/** Configures the parsing, help and error handling of all commands. */
public final class CommandLineSetup {
  private CommandLineSetup() {}

  /**
   * Configures a command and its subcommands.
   *
   * @param root the root command with its subcommands
   * @return the same root
   */
  public static CommandLine prepare(CommandLine root) {
    ExceptionHandlers errors = new ExceptionHandlers();
    root.setParameterExceptionHandler(errors);
    root.setExecutionExceptionHandler(errors);
    root.setExecutionStrategy(new ConfiguredExecution());
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setColorScheme(
        CommandLine.Help.defaultColorScheme(Terminal.stdout() ? Ansi.ON : Ansi.OFF));
    root.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new VersionProvider());
    describe(root);
    return root;
  }

  private static void describe(CommandLine command) {
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    usage.sortOptions(false).autoWidth(true);
    usage.abbreviateSynopsis(true);
    usage.exitCodeListHeading("%nExit codes:%n").exitCodeList(ExitCode.help());
    command.getSubcommands().values().forEach(CommandLineSetup::describe);
  }

  /**
   * Runs a command line.
   *
   * @param root a root command from {@link #prepare}
   * @param arguments the arguments, in this tool's or retrain.py's spelling
   * @return the exit code
   */
  public static int execute(CommandLine root, String... arguments) {
    Optional<ParameterException> unreadable = unreadable(root, arguments);
    return unreadable.isPresent()
        ? new ExceptionHandlers().handleParseException(unreadable.get(), arguments)
        : root.execute(RetrainPySpellings.translate(arguments));
  }

  /**
   * An error if Java decoded the command line or the working directory with loss, because of the
   * locale: no file with such a name would be found.
   */
  private static Optional<ParameterException> unreadable(CommandLine root, String... arguments) {
    if (NameEncoding.isUnicode()) {
      return Optional.empty();
    }
    return Stream.concat(Stream.of(System.getProperty("user.dir")), Arrays.stream(arguments))
        .filter(NameEncoding::isLossy)
        .findFirst()
        .map(
            text ->
                new ParameterException(
                    root, "The name '" + text + "' can't be read: " + NameEncoding.remedy()));
  }
}
