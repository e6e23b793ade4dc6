package dev.retrain.cli.manual;

import dev.retrain.cli.option.OptionValues;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Facts about the commands of a command line, for its documentation. */
final class Commands {
  private Commands() {}

  /** All commands below a root, each before its own subcommands. */
  static List<CommandLine> below(CommandLine root) {
    List<CommandLine> commands = new ArrayList<>();
    for (CommandLine command : root.getSubcommands().values()) {
      commands.add(command);
      commands.addAll(below(command));
    }
    return commands;
  }

  /** The primary names of the options that every command has, which are documented once. */
  static Set<String> commonOptions(List<CommandLine> commands) {
    Set<String> names = new LinkedHashSet<>();
    commands
        .get(0)
        .getCommandSpec()
        .options()
        .forEach(option -> names.add(OptionValues.primaryName(option)));
    commands.forEach(
        command -> names.removeIf(name -> command.getCommandSpec().findOption(name) == null));
    return names;
  }

  /** How a command is called, in one line. */
  static String synopsis(CommandLine command) {
    return new CommandLine.Help(
            command.getCommandSpec(), CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .synopsis(0)
        .replaceAll("\\s+", " ")
        .strip();
  }
}
