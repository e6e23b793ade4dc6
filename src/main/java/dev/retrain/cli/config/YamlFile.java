package dev.retrain.cli.config;

import dev.retrain.cli.option.OutputOptions;
import dev.retrain.util.io.IoReason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The syntax of a configuration file: YAML whose values keep their spelling, so that {@code 0.50}
 * stays {@code 0.50}.
 *
 * @param file the file
 * @param command for usage errors
 */
record YamlFile(Path file, CommandLine command) {
  /**
   * The top-level mapping; empty if the file has none.
   *
   * @throws ParameterException if the file does not exist or is not YAML with a mapping
   */
  Optional<MappingNode> read() {
    Optional<Node> top = compose().filter(node -> !isEmpty(node));
    if (top.isPresent() && !(top.get() instanceof MappingNode)) {
      throw error("%s: expected an 'option: value' in each line", place(top.get()));
    }
    return top.map(MappingNode.class::cast);
  }

  private Optional<Node> compose() {
    if (!Files.isRegularFile(file)) {
      throw error("%s %s is not a file", OutputOptions.CONFIG, file);
    }
    try {
      // Keys other than scalars are reported by ConfigFile, with their lines.
      return new Compose(LoadSettings.builder().setAllowNonScalarKeys(true).build())
          .composeString(Files.readString(file));
    } catch (MarkedYamlEngineException e) {
      throw error("%s: %s", place(e.getProblemMark()), e.getProblem());
    } catch (StackOverflowError e) {
      throw error("%s is nested too deeply", file);
    } catch (YamlEngineException e) {
      throw error("%s is not valid YAML: %s", file, e.getMessage());
    } catch (CharacterCodingException e) {
      throw error("%s is not UTF-8 text", file);
    } catch (IOException e) {
      throw error("%s can't be read (%s)", file, IoReason.of(e));
    }
  }

  /** The value of a key: one scalar, or a list of scalars. */
  List<String> values(ScalarNode key, Node value) {
    if (!(value instanceof SequenceNode list)) {
      return List.of(value(key, value));
    }
    List<String> values = new ArrayList<>();
    for (Node item : list.getValue()) {
      values.add(value(key, item));
    }
    if (values.isEmpty()) {
      throw error("%s: '%s' has no value", place(key), key.getValue());
    }
    return values;
  }

  private String value(ScalarNode key, Node value) {
    if (!(value instanceof ScalarNode scalar)) {
      throw error("%s: '%s' must be a single value", place(key), key.getValue());
    }
    if (isEmpty(scalar)) {
      throw error(
          "%s: '%s' has no value; remove the line to use the default", place(key), key.getValue());
    }
    return scalar.getValue();
  }

  static boolean isEmpty(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  /** Where a node is, for messages. */
  String place(Node node) {
    return place(node.getStartMark());
  }

  private String place(Optional<Mark> mark) {
    return mark.map(at -> String.format(Locale.ROOT, "%s, line %d", file, at.getLine() + 1))
        .orElse(file.toString());
  }

  ParameterException error(String format, Object... arguments) {
    return new ParameterException(command, String.format(Locale.ROOT, format, arguments));
  }
}
