package dev.retrain.cli.manual;

import dev.retrain.cli.option.OptionValues;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page of a command line, in the man macros of roff: one page for all commands, so that
 * a search finds any option.
 */
public final class ManPage {
  private static final Map<String, String> ENVIRONMENT = environment();

  private final CommandLine root;
  private final List<CommandLine> commands;
  private final StringBuilder page = new StringBuilder();

  private ManPage(CommandLine root) {
    this.root = root;
    commands = Commands.below(root);
  }

  /**
   * Renders the page.
   *
   * @param root the root command with its subcommands
   * @param version the tool's version
   * @param date the date of the version, such as 2026-11-24
   * @return the page, in roff
   */
  public static String render(CommandLine root, String version, String date) {
    return new ManPage(root).write(version, date);
  }

  private static Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put(
        "JAVA_HOME", "The Java installation, version 17 or later. Default: java in PATH.");
    variables.put("RETRAIN_JAVA_OPTS", "Options for Java, such as -Xmx8g, which limits its heap.");
    variables.put(
        "RETRAIN_SOURCES",
        "A properties file with other sources of published files: <file name>.url and"
            + " <file name>.sha256.");
    variables.put("NO_COLOR", "If set, the help has no colors.");
    return variables;
  }

  private String write(String version, String date) {
    String name = root.getCommandName();
    // The date is not escaped, because mandoc reads no escapes in it.
    raw(
        ".TH \"%s\" \"1\" \"%s\" \"%s %s\" \"User Commands\""
            .formatted(name.toUpperCase(Locale.ROOT), date, name, version));
    macro(".SH", "NAME");
    text("%s - %s".formatted(name, Wording.firstSentence(header(root)).toLowerCase(Locale.ROOT)));
    macro(".SH", "SYNOPSIS");
    raw(".B " + escaped(name));
    raw("\\fICOMMAND\\fR [\\fIOPTION\\fR]...");
    macro(".SH", "DESCRIPTION");
    text(Wording.text(root.getCommandSpec().usageMessage().description()));
    raw(".PP");
    text("Commands:");
    for (CommandLine command : commands) {
      raw(".TP");
      raw(".B " + escaped(below(command)));
      text(Wording.text(header(command)));
    }
    Set<String> common = Commands.commonOptions(commands);
    macro(".SH", "OPTIONS OF EVERY COMMAND");
    common.forEach(option -> option(commands.get(0).getCommandSpec().findOption(option)));
    macro(".SH", "COMMANDS");
    commands.forEach(command -> command(command, common));
    macro(".SH", "EXIT STATUS");
    root.getCommandSpec().usageMessage().exitCodeList().forEach(this::item);
    macro(".SH", "ENVIRONMENT");
    ENVIRONMENT.forEach(this::item);
    return page.toString();
  }

  /** What a user types after the tool's name. */
  private String below(CommandLine command) {
    return command.getCommandSpec().qualifiedName().substring(root.getCommandName().length() + 1);
  }

  private void command(CommandLine command, Set<String> common) {
    CommandSpec spec = command.getCommandSpec();
    macro(".SS", Commands.synopsis(command));
    text(Wording.text(header(command)));
    String description = Wording.text(spec.usageMessage().description());
    if (!description.isEmpty()) {
      raw(".PP");
      text(description);
    }
    spec.positionalParameters().forEach(this::parameter);
    Stream.concat(Stream.of((ArgGroupSpec) null), spec.argGroups().stream())
        .forEach(group -> options(group, spec, common));
    examples(spec.usageMessage().footer());
  }

  /** The options of a group; null means those in no group. */
  private void options(ArgGroupSpec group, CommandSpec spec, Set<String> common) {
    List<OptionSpec> options =
        spec.options().stream()
            .filter(
                option ->
                    Objects.equals(option.group(), group)
                        && !option.hidden()
                        && !common.contains(OptionValues.primaryName(option)))
            .toList();
    if (!options.isEmpty() && group != null && group.heading() != null) {
      raw(".PP");
      text(Wording.text(group.heading()));
    }
    options.forEach(this::option);
  }

  private void option(OptionSpec option) {
    raw(".TP");
    String parameter = option.arity().max() > 0 ? "=" + italic(option.paramLabel()) : "";
    raw(
        Arrays.stream(option.names())
                .map(name -> "\\fB" + escaped(name) + "\\fR")
                .collect(Collectors.joining(", "))
            + parameter);
    text(Wording.text(option.description()));
  }

  private void parameter(PositionalParamSpec parameter) {
    raw(".TP");
    raw(italic(parameter.paramLabel()) + (parameter.arity().max() > 1 ? "..." : ""));
    text(Wording.text(((ArgSpec) parameter).description()));
  }

  private void item(String name, String meaning) {
    raw(".TP");
    raw(".B " + escaped(name));
    text(meaning);
  }

  /** A command's footer, shown verbatim. */
  private void examples(String... lines) {
    if (lines.length == 0) {
      return;
    }
    raw(".PP");
    raw(".nf");
    Arrays.stream(lines)
        .map(line -> String.format(Locale.ROOT, line))
        .filter(line -> !line.isBlank())
        .forEach(this::text);
    raw(".fi");
  }

  private static String[] header(CommandLine command) {
    return command.getCommandSpec().usageMessage().header();
  }

  private static String italic(String text) {
    return "\\fI" + escaped(text) + "\\fR";
  }

  private void macro(String name, String... arguments) {
    raw(
        name
            + Arrays.stream(arguments)
                .map(argument -> " \"" + escaped(argument).replace("\"", "\\(dq") + "\"")
                .collect(Collectors.joining()));
  }

  private void text(String text) {
    text.lines().map(ManPage::escaped).forEach(this::raw);
  }

  private void raw(String line) {
    page.append(line).append('\n');
  }

  /** Escapes characters that roff would interpret or replace by typographic ones. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            point ->
                escaped.append(
                    switch (point) {
                      case '\\' -> "\\e";
                      case '-' -> "\\-";
                      case '\'' -> "\\(aq";
                      case '`' -> "\\(ga";
                      case '^' -> "\\(ha";
                      case '~' -> "\\(ti";
                      default ->
                          point < 128
                              ? Character.toString(point)
                              : String.format(Locale.ROOT, "\\[u%04X]", point);
                    }));
    return escaped.toString().replaceFirst("^\\.", "\\\\&.");
  }
}
