package dev.retrain.cli.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * A file of options.
 *
 * <p>A key is an option's long name without its dashes, retrain.py's spelling allowed. What stands
 * below a command's name is for that command and those below it; what stands outside is for every
 * command that has the option. The inner word counts more than the outer. Values are passed on as
 * they are spelled, so {@code 0.50} stays {@code 0.50}; a list is for an option that takes one.
 *
 * <p>Every key is checked, whatever command runs. What is wrong is a {@link ParameterException}
 * that names the file and the line.
 */
final class ConfigFile {
  /** What has no meaning in a file. */
  private static final Set<String> COMMAND_LINE_ONLY =
      Set.of("--help", "--version", ConfiguredExecution.OPTION);

  private final Path file;
  private final CommandLine asking;

  /** The commands that run, from the root on, with what is for each. */
  private final Map<CommandLine, Map<OptionSpec, ConfigEntry>> inForce = new LinkedHashMap<>();

  private ConfigFile(Path file, List<CommandLine> running) {
    this.file = file;
    asking = running.get(running.size() - 1);
    running.forEach(command -> inForce.put(command, new LinkedHashMap<>()));
  }

  /**
   * Reads a file, checks all of it, and takes what is for one command.
   *
   * @param file the file
   * @param running that command, after those it is below, the root first
   * @return its settings
   * @throws ParameterException where the file is not there or something in it is wrong
   */
  static List<ConfigEntry> read(Path file, List<CommandLine> running) {
    return new ConfigFile(file, running).read(running.get(0));
  }

  private List<ConfigEntry> read(CommandLine root) {
    Optional<Node> top = compose();
    if (top.isPresent() && !isEmpty(top.get())) {
      section(mapping(top.get(), "an 'option: value' in each line"), root);
    }
    Map<OptionSpec, ConfigEntry> settings = new LinkedHashMap<>();
    for (Map<OptionSpec, ConfigEntry> inner : inForce.values()) {
      Set<String> excluded = excluded(asking.getCommandSpec(), inner.keySet());
      settings.keySet().removeIf(outer -> excluded.contains(outer.longestName()));
      settings.putAll(inner);
    }
    return List.copyOf(settings.values());
  }

  /** The longest names of the options of a command that can't be given with some others. */
  static Set<String> excluded(CommandSpec command, Collection<OptionSpec> given) {
    Set<String> excluded = new HashSet<>();
    Stream.concat(Stream.of(command), command.mixins().values().stream())
        .map(CommandSpec::userObject)
        .filter(Excluding.class::isInstance)
        .map(Excluding.class::cast)
        .forEach(
            excluding ->
                given.forEach(
                    option -> excluded.addAll(excluding.excludedBy(option.longestName()))));
    return excluded;
  }

  private Optional<Node> compose() {
    if (!Files.isRegularFile(file)) {
      throw usage("%s %s is not a file".formatted(ConfiguredExecution.OPTION, file));
    }
    try {
      // Keys that are no words are refused in this class, with their lines.
      return new Compose(LoadSettings.builder().setAllowNonScalarKeys(true).build())
          .composeString(Files.readString(file));
    } catch (MarkedYamlEngineException e) {
      throw usage("%s: %s".formatted(place(e.getProblemMark()), e.getProblem()));
    } catch (StackOverflowError e) {
      throw usage("%s is nested too deeply".formatted(file));
    } catch (YamlEngineException e) {
      throw usage("%s is no YAML: %s".formatted(file, e.getMessage()));
    } catch (CharacterCodingException e) {
      throw usage("%s is not UTF-8 text".formatted(file));
    } catch (IOException e) {
      throw usage("%s can't be read (%s)".formatted(file, e));
    }
  }

  private void section(MappingNode section, CommandLine command) {
    Set<String> names = new HashSet<>();
    // Options of different commands may be equal.
    Set<OptionSpec> given = Collections.newSetFromMap(new IdentityHashMap<>());
    for (NodeTuple entry : section.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw usage("%s: a key must be a word".formatted(place(entry.getKeyNode())));
      }
      if (!names.add(key.getValue())) {
        throw usage("%s: '%s' is there twice".formatted(place(key), key.getValue()));
      }
      CommandLine below = command.getSubcommands().get(key.getValue());
      // A command and an option may share a name; the value tells which is meant.
      if (below != null && (entry.getValueNode() instanceof MappingNode || isEmpty(entry))) {
        if (!isEmpty(entry)) {
          section((MappingNode) entry.getValueNode(), below);
        }
      } else if (entry.getValueNode() instanceof MappingNode) {
        throw usage(
            "%s: '%s' is no command of '%s', and only a command has options below it"
                .formatted(place(key), key.getValue(), name(command)));
      } else {
        option(key, entry.getValueNode(), command, given);
      }
    }
  }

  private void option(ScalarNode key, Node value, CommandLine command, Set<OptionSpec> given) {
    List<OptionSpec> options = new ArrayList<>();
    collect(key.getValue(), command, options);
    if (options.isEmpty()) {
      throw unknown(key, command);
    }
    List<String> values = values(key, value);
    for (OptionSpec option : options) {
      if (values.size() > 1 && option.splitRegex().isEmpty() && !option.isMultiValue()) {
        throw usage("%s: '%s' takes one value".formatted(place(key), key.getValue()));
      }
      if (!given.add(option)) {
        throw usage(
            "%s: '%s' is %s, which is there already"
                .formatted(place(key), key.getValue(), option.longestName()));
      }
    }
    Map<OptionSpec, ConfigEntry> settings = inForce.get(command);
    if (settings != null) {
      find(key.getValue(), asking)
          .ifPresent(option -> settings.put(option, new ConfigEntry(option, values, place(key))));
    }
  }

  /** The options that a key means: of a command and all below it. */
  private static void collect(String key, CommandLine command, List<OptionSpec> options) {
    find(key, command).ifPresent(options::add);
    command.getSubcommands().values().forEach(below -> collect(key, below, options));
  }

  private static Optional<OptionSpec> find(String key, CommandLine command) {
    String name = "--" + key.replace('_', '-');
    OptionSpec option = command.getCommandSpec().findOption(name);
    if (option == null) {
      option = command.getCommandSpec().findOption(RetrainPySpellings.translate(name)[0]);
    }
    return Optional.ofNullable(option)
        .filter(found -> !COMMAND_LINE_ONLY.contains(found.longestName()));
  }

  private List<String> values(ScalarNode key, Node value) {
    List<String> values = new ArrayList<>();
    if (value instanceof SequenceNode list) {
      for (Node item : list.getValue()) {
        values.add(value(key, item));
      }
      if (values.isEmpty()) {
        throw usage("%s: '%s' has no value".formatted(place(key), key.getValue()));
      }
    } else {
      values.add(value(key, value));
    }
    return values;
  }

  private String value(ScalarNode key, Node value) {
    if (!(value instanceof ScalarNode scalar)) {
      throw usage("%s: '%s' takes plain values".formatted(place(key), key.getValue()));
    }
    if (isEmpty(scalar)) {
      throw usage(
          "%s: '%s' has no value; leave the line out for the default"
              .formatted(place(key), key.getValue()));
    }
    return scalar.getValue();
  }

  private MappingNode mapping(Node node, String expected) {
    if (node instanceof MappingNode mapping) {
      return mapping;
    }
    throw usage("%s: expected %s".formatted(place(node), expected));
  }

  private static boolean isEmpty(NodeTuple entry) {
    return isEmpty(entry.getValueNode());
  }

  private static boolean isEmpty(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private ParameterException unknown(ScalarNode key, CommandLine command) {
    if (command.getSubcommands().containsKey(key.getValue())) {
      return usage(
          "%s: '%s' is a command; its options stand below it, each in a line of its own"
              .formatted(place(key), key.getValue()));
    }
    if (COMMAND_LINE_ONLY.contains("--" + key.getValue())) {
      return usage("%s: '%s' is for the command line only".formatted(place(key), key.getValue()));
    }
    boolean root = command.getParent() == null;
    String meant =
        new UnmatchedArgumentException(root ? asking : command, List.of("--" + key.getValue()))
            .getSuggestions().stream()
                .findFirst()
                .map(name -> "; did you mean '%s'?".formatted(name.replaceFirst("^-+", "")))
                .orElse("");
    return usage(
        "%s: '%s' is no option of %s%s"
            .formatted(
                place(key),
                key.getValue(),
                root ? "any command" : "'" + name(command) + "'",
                meant));
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }

  private String place(Node node) {
    return place(node.getStartMark());
  }

  private String place(Optional<Mark> mark) {
    return mark.map(at -> "%s, line %d".formatted(file, at.getLine() + 1)).orElse(file.toString());
  }

  private ParameterException usage(String message) {
    return new ParameterException(asking, message);
  }
}
