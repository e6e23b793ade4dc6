package dev.retrain.cli.config;

import dev.retrain.cli.option.OptionValues;
import dev.retrain.cli.option.OutputOptions;
import dev.retrain.cli.option.rule.OptionRules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
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
    Path file = help ? null : last.matchedOptionValue(OutputOptions.CONFIG, (Path) null);
    return file == null ? parsed : parse(parsed, last, ConfigFile.read(file, running));
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
