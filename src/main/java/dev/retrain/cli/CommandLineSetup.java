package dev.retrain.cli;

import dev.retrain.cli.config.ConfiguredExecution;
import dev.retrain.cli.config.RetrainPySpellings;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Terminal;
import dev.retrain.cli.process.VersionProvider;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.UsageMessageSpec;

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
    return root.execute(RetrainPySpellings.translate(arguments));
  }
}
