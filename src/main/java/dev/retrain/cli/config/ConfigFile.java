package dev.retrain.cli.config;

import dev.retrain.cli.option.OptionValues;
import dev.retrain.cli.option.rule.OptionRules;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * A file of options.
 *
 * <p>A key is a long name of an option without its dashes, or its name in retrain.py. A section
 * below a command's name applies to that command and its subcommands; options outside any section
 * apply to every command that has them. The more specific section overrides the other. Values keep
 * their spelling; a list is for an option that accepts several values.
 *
 * <p>Every key is checked, whichever command runs. An error is a {@link ParameterException} that
 * names the file and the line.
 */
final class ConfigFile {
  private final YamlFile yaml;
  private final CommandLine running;

  /** The running command and its parents, the root first, with the options set for each. */
  private final Map<CommandLine, Map<OptionSpec, ConfigEntry>> entries = new LinkedHashMap<>();

  private ConfigFile(Path file, List<CommandLine> commands) {
    running = commands.get(commands.size() - 1);
    yaml = new YamlFile(file, running);
    commands.forEach(command -> entries.put(command, new LinkedHashMap<>()));
  }

  /**
   * Reads and checks a file.
   *
   * @param file the file
   * @param commands the command that runs, after its parents, the root first
   * @return the options that the file sets for that command
   * @throws ParameterException if the file does not exist or something in it is wrong
   */
  static List<ConfigEntry> read(Path file, List<CommandLine> commands) {
    return new ConfigFile(file, commands).read(commands.get(0));
  }

  private List<ConfigEntry> read(CommandLine root) {
    yaml.read().ifPresent(top -> section(top, root));
    Map<OptionSpec, ConfigEntry> settings = new LinkedHashMap<>();
    for (Map<OptionSpec, ConfigEntry> inner : entries.values()) {
      Set<String> overridden = OptionRules.overridden(running.getCommandSpec(), inner.keySet());
      settings.keySet().removeIf(outer -> overridden.contains(OptionValues.primaryName(outer)));
      settings.putAll(inner);
    }
    return List.copyOf(settings.values());
  }

  private void section(MappingNode section, CommandLine command) {
    Set<String> names = new HashSet<>();
    // Options of different commands may be equal.
    Set<OptionSpec> given = Collections.newSetFromMap(new IdentityHashMap<>());
    for (NodeTuple entry : section.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw yaml.error("%s: a key must be a word", yaml.place(entry.getKeyNode()));
      }
      if (!names.add(key.getValue())) {
        throw yaml.error("%s: '%s' is set twice", yaml.place(key), key.getValue());
      }
      Node value = entry.getValueNode();
      CommandLine subcommand = command.getSubcommands().get(key.getValue());
      // A command and an option may have the same name; the value shows which is meant.
      if (subcommand != null && value instanceof MappingNode inner) {
        section(inner, subcommand);
      } else if (value instanceof MappingNode) {
        throw yaml.error(
            "%s: '%s' is not a command of '%s', and only a command can have options below it",
            yaml.place(key), key.getValue(), command.getCommandSpec().qualifiedName());
      } else if (subcommand == null || !YamlFile.isEmpty(value)) {
        option(key, value, command, given);
      }
    }
  }

  private void option(ScalarNode key, Node value, CommandLine command, Set<OptionSpec> given) {
    List<OptionSpec> options = ConfigKeys.findAll(key.getValue(), command);
    if (options.isEmpty()) {
      throw yaml.error(
          "%s: '%s' %s",
          yaml.place(key), key.getValue(), ConfigKeys.problem(key.getValue(), command, running));
    }
    List<String> values = yaml.values(key, value);
    for (OptionSpec option : options) {
      if (values.size() > 1 && option.splitRegex().isEmpty() && !option.isMultiValue()) {
        throw yaml.error("%s: '%s' accepts a single value", yaml.place(key), key.getValue());
      }
      if (!given.add(option)) {
        throw yaml.error(
            "%s: '%s' means %s, which is already set",
            yaml.place(key), key.getValue(), OptionValues.primaryName(option));
      }
    }
    Map<OptionSpec, ConfigEntry> settings = entries.get(command);
    if (settings != null) {
      ConfigKeys.find(key.getValue(), running)
          .ifPresent(
              option -> settings.put(option, new ConfigEntry(option, values, yaml.place(key))));
    }
  }
}
