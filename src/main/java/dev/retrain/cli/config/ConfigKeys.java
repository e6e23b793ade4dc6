package dev.retrain.cli.config;

import dev.retrain.cli.option.OptionValues;
import dev.retrain.cli.option.OutputOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Maps the keys of a configuration file to options: any long name of an option is its key. */
final class ConfigKeys {
  private static final Set<String> COMMAND_LINE_ONLY =
      Set.of("--help", "--version", OutputOptions.CONFIG);

  private ConfigKeys() {}

  /** The option of a command that a key names, in this tool's or in retrain.py's spelling. */
  static Optional<OptionSpec> find(String key, CommandLine command) {
    String name = "--" + key.replace('_', '-');
    OptionSpec option = command.getCommandSpec().findOption(name);
    if (option == null) {
      option = command.getCommandSpec().findOption(RetrainPySpellings.translate(name)[0]);
    }
    return Optional.ofNullable(option)
        .filter(found -> !COMMAND_LINE_ONLY.contains(OptionValues.primaryName(found)));
  }

  /** The options that a key names in a command and all its subcommands. */
  static List<OptionSpec> findAll(String key, CommandLine command) {
    List<OptionSpec> options = new ArrayList<>();
    collect(key, command, options);
    return options;
  }

  private static void collect(String key, CommandLine command, List<OptionSpec> options) {
    find(key, command).ifPresent(options::add);
    command.getSubcommands().values().forEach(subcommand -> collect(key, subcommand, options));
  }

  /**
   * Why a key names no option.
   *
   * @param section the command whose section has the key
   * @param running the command that runs, for suggestions
   */
  static String problem(String key, CommandLine section, CommandLine running) {
    if (section.getSubcommands().containsKey(key)) {
      return "is a command; indent its options below it, one per line";
    }
    if (COMMAND_LINE_ONLY.contains("--" + key)) {
      return "is accepted only on the command line";
    }
    boolean root = section.getParent() == null;
    String suggestion =
        new UnmatchedArgumentException(root ? running : section, List.of("--" + key))
            .getSuggestions().stream()
                .findFirst()
                .map(name -> "; did you mean '%s'?".formatted(name.replaceFirst("^-+", "")))
                .orElse("");
    return "is not an option of %s%s"
        .formatted(
            root ? "any command" : "'" + section.getCommandSpec().qualifiedName() + "'",
            suggestion);
  }
}
