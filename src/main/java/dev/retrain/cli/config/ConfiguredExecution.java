package dev.retrain.cli.config;

import dev.retrain.cli.option.OptionValues;
import dev.retrain.cli.option.OutputOptions;
import dev.retrain.cli.option.UsageErrors;
import dev.retrain.cli.option.rule.OptionRules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * Runs a command with the options of its configuration file, where the command line does not
 * override them.
 *
 * <p>This is not a picocli default provider, because picocli does not call it for options in
 * groups, and it can report neither lines nor unknown keys. Instead, the arguments are parsed again
 * with those of the file appended, so that their values are converted and checked like any others.
 */
public final class ConfiguredExecution implements IExecutionStrategy {
  @Override
  public int execute(ParseResult parsed) {
    return new RunLast().execute(configured(parsed));
  }

  private static ParseResult configured(ParseResult parsed) {
    List<CommandLine> running = new ArrayList<>();
    ParseResult last = parsed;
    running.add(last.commandSpec().commandLine());
    boolean help = last.isUsageHelpRequested() || last.isVersionHelpRequested();
    while (last.hasSubcommand()) {
      last = last.subcommand();
      running.add(last.commandSpec().commandLine());
      help |= last.isUsageHelpRequested() || last.isVersionHelpRequested();
    }
    if (!help) {
      rejectRepeated(last);
    }
    Path file = help ? null : last.matchedOptionValue(OutputOptions.CONFIG, (Path) null);
    return file == null ? parsed : parse(parsed, last, ConfigFile.read(file, running));
  }

  /**
   * Rejects an option that is given twice. picocli does that itself, but not for options in groups,
   * where the second one resets all other options of its group to their defaults.
   */
  private static void rejectRepeated(ParseResult command) {
    Set<OptionSpec> given = new HashSet<>();
    for (OptionSpec option : command.matchedOptions()) {
      if (!given.add(option) && !option.isMultiValue()) {
        throw UsageErrors.create(
            command.commandSpec(),
            "%s is given more than once; remove all but one",
            String.join(" or ", longNames(option)));
      }
    }
  }

  private static List<String> longNames(OptionSpec option) {
    List<String> names =
        Arrays.stream(option.names()).filter(name -> name.startsWith("--")).toList();
    return names.isEmpty() ? List.of(option.longestName()) : names;
  }

  private static ParseResult parse(ParseResult parsed, ParseResult last, List<ConfigEntry> all) {
    Set<String> overridden = OptionRules.overridden(last.commandSpec(), last.matchedOptions());
    List<ConfigEntry> settings =
        all.stream()
            .filter(setting -> !last.hasMatchedOption(setting.option()))
            .filter(setting -> !overridden.contains(OptionValues.primaryName(setting.option())))
            .toList();
    List<String> arguments = new ArrayList<>(parsed.expandedArgs());
    int end = arguments.indexOf("--");
    arguments.addAll(
        end < 0 ? arguments.size() : end,
        settings.stream().flatMap(ConfigEntry::arguments).toList());
    CommandLine root = parsed.commandSpec().commandLine();
    boolean expands = root.isExpandAtFiles();
    try {
      // The arguments are already expanded.
      return root.setExpandAtFiles(false).parseArgs(arguments.toArray(String[]::new));
    } catch (ParameterException e) {
      throw settings.stream()
          .filter(setting -> setting.option().equals(e.getArgSpec()))
          .findFirst()
          .map(setting -> at(setting.place(), e))
          .orElse(e);
    } finally {
      root.setExpandAtFiles(expands);
    }
  }

  private static ParameterException at(String place, ParameterException e) {
    return new ParameterException(
        e.getCommandLine(),
        "%s: %s".formatted(place, e.getMessage()),
        e,
        e.getArgSpec(),
        e.getValue());
  }
}
