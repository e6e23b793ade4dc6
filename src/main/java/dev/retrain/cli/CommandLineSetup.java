package dev.retrain.cli;

import dev.retrain.cli.config.ConfiguredExecution;
import dev.retrain.cli.config.RetrainPySpellings;
import dev.retrain.cli.process.ExitCode;
import dev.retrain.cli.process.Terminal;
import dev.retrain.cli.process.VersionProvider;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What all command lines have in common. */
public final class CommandLineSetup {
  private CommandLineSetup() {}

  /**
   * Sets up errors, colours and help of a command and all below it.
   *
   * @param root the root, with its subcommands
   * @return the root
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
   * @param root as {@link #prepare} gives it
   * @param arguments the arguments, retrain.py's spellings allowed
   * @return the exit code
   */
  public static int execute(CommandLine root, String... arguments) {
    return root.execute(RetrainPySpellings.translate(arguments));
  }
}
