package dev.retrain.cli.manual;

import dev.retrain.cli.option.OptionValues;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The reference of all commands and options in Markdown, {@code docs/reference/commands.md}. */
public final class CommandReference {
  private static final String TABLE = "| %s | Description | Default |\n| --- | --- | --- |\n";

  private final List<CommandLine> commands;
  private final Set<String> common;
  private final StringBuilder page = new StringBuilder();

  private CommandReference(CommandLine root) {
    commands = Commands.below(root);
    common = Commands.commonOptions(commands);
  }

  /**
   * Renders the reference.
   *
   * @param root the root command with its subcommands
   * @return the page, in Markdown
   */
  public static String render(CommandLine root) {
    return new CommandReference(root).write(root);
  }

  private String write(CommandLine root) {
    page.append(
        """
        # Commands and options

        <!-- Generated from the command line by CommandReferenceTest; do not edit. -->

        `java -jar retrain.jar COMMAND [OPTIONS]`, or `retrain COMMAND [OPTIONS]` with the launcher.
        Options can also be read from a [configuration file](configuration.md). An option with
        several names has the same meaning under each.

        | Command | Purpose |
        | --- | --- |
        """);
    for (CommandLine command : commands) {
      String name = name(command);
      page.append(
          "| [`%s`](#%s) | %s |\n".formatted(name, name.replace(' ', '-'), cell(header(command))));
    }
    page.append("\n## Options of every command\n\n");
    CommandSpec first = commands.get(0).getCommandSpec();
    options(common.stream().map(first::findOption).toList());
    commands.forEach(this::command);
    page.append("\n## Exit codes\n\n| Code | Meaning |\n| --- | --- |\n");
    root.getCommandSpec()
        .usageMessage()
        .exitCodeList()
        .forEach((code, meaning) -> page.append("| %s | %s |\n".formatted(code, cell(meaning))));
    page.append("\nSee [exit codes](exit-codes.md).\n");
    return page.toString();
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName().replaceFirst("^\\S+ ", "");
  }

  private static String header(CommandLine command) {
    return Wording.text(command.getCommandSpec().usageMessage().header());
  }

  private void command(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    page.append("\n## %s\n\n%s\n".formatted(name(command), header(command)));
    page.append("\n```text\n%s\n```\n".formatted(Commands.synopsis(command)));
    String description = Wording.text(spec.usageMessage().description());
    if (!description.isEmpty()) {
      page.append("\n%s\n".formatted(escaped(description).replace("\n", "\n\n")));
    }
    if (!spec.positionalParameters().isEmpty()) {
      page.append('\n');
      parameters(spec.positionalParameters());
    }
    Stream.concat(Stream.of((ArgGroupSpec) null), spec.argGroups().stream())
        .forEach(group -> group(group, spec));
    examples(spec.usageMessage().footer());
  }

  /** The options of a group; null means those in no group. */
  private void group(ArgGroupSpec group, CommandSpec spec) {
    List<OptionSpec> options =
        spec.options().stream()
            .filter(option -> Objects.equals(option.group(), group) && !option.hidden())
            .filter(option -> !common.contains(OptionValues.primaryName(option)))
            .toList();
    if (options.isEmpty()) {
      return;
    }
    page.append('\n');
    if (group != null && group.heading() != null) {
      page.append("### %s\n\n".formatted(Wording.text(group.heading()).replaceFirst(":$", "")));
    }
    options(options);
  }

  private void options(List<OptionSpec> options) {
    page.append(TABLE.formatted("Option"));
    for (OptionSpec option : options) {
      String names =
          Arrays.stream(option.names())
              .map(name -> "`" + name + "`")
              .collect(Collectors.joining(", "));
      String parameter = option.arity().max() > 0 ? " `" + option.paramLabel() + "`" : "";
      row(names + parameter.replace("|", "\\|"), Wording.text(option.description()));
    }
  }

  private void parameters(List<PositionalParamSpec> parameters) {
    page.append(TABLE.formatted("Parameter"));
    for (PositionalParamSpec parameter : parameters) {
      String dots = parameter.arity().max() > 1 ? "..." : "";
      row(
          "`" + parameter.paramLabel() + dots + "`",
          Wording.text(((CommandLine.Model.ArgSpec) parameter).description()));
    }
  }

  /** A description ends with its default, if there is one. */
  private void row(String name, String text) {
    int start = text.lastIndexOf(" Default: ");
    String description = start < 0 ? text : text.substring(0, start);
    String defaultValue =
        start < 0 ? "" : text.substring(start + " Default: ".length()).replaceFirst("\\.$", "");
    page.append("| %s | %s | %s |\n".formatted(name, cell(description), cell(defaultValue)));
  }

  private void examples(String... lines) {
    List<String> shown =
        Arrays.stream(lines)
            .map(line -> String.format(Locale.ROOT, line).strip())
            .filter(line -> !line.isEmpty() && !line.matches("Examples?:"))
            .toList();
    if (!shown.isEmpty()) {
      page.append("\n```bash\n%s\n```\n".formatted(String.join("\n", shown)));
    }
  }

  private static String cell(String text) {
    return escaped(text).replace("|", "\\|").replace("\n", " ");
  }

  /** Text without the characters that Markdown interprets. */
  private static String escaped(String text) {
    return text.replaceAll("([<*_])", "\\\\$1");
  }
}
