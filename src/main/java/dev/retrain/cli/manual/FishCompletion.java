package dev.retrain.cli.manual;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A completion script for fish; picocli generates those for bash and zsh only. */
public final class FishCompletion {
  private final String root;
  private final StringBuilder script = new StringBuilder();

  private FishCompletion(String root) {
    this.root = root;
  }

  /**
   * Renders the script.
   *
   * @param root the root command with its subcommands
   * @return the script, to be sourced by fish
   */
  public static String render(CommandLine root) {
    FishCompletion fish = new FishCompletion(root.getCommandName());
    fish.start(root);
    fish.command(root);
    return fish.script.toString();
  }

  private void start(CommandLine command) {
    List<String> paths = new ArrayList<>();
    paths(command, paths);
    script.append(
        """
        # Completions of %1$s for fish.

        # Whether the command line is at this command, such as: __%1$s_at bottleneck import
        function __%1$s_at
            set -l command
            for word in (commandline -opc)[2..-1]
                set -l longer (string trim -- "$command $word")
                if contains -- "$longer" %2$s
                    set command "$longer"
                end
            end
            test "$command" = "$argv"
        end

        complete -c %1$s -e
        complete -c %1$s -f
        """
            .formatted(
                root, paths.stream().map(FishCompletion::quoted).collect(Collectors.joining(" "))));
  }

  /** The words of every subcommand, at any depth. */
  private static void paths(CommandLine command, List<String> paths) {
    for (CommandLine below : command.getSubcommands().values()) {
      paths.add(words(below));
      paths(below, paths);
    }
  }

  private static String words(CommandLine command) {
    return command.getParent() == null
        ? ""
        : (words(command.getParent()) + " " + command.getCommandName()).strip();
  }

  private void command(CommandLine command) {
    String complete =
        "complete -c %1$s -n %2$s"
            .formatted(root, quoted("__%s_at %s".formatted(root, words(command)).strip()));
    script.append('\n');
    command
        .getSubcommands()
        .forEach((name, below) -> line(complete, "-a", name, "-d", quoted(header(below))));
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden()) {
        option(complete, option);
      }
    }
    for (ArgSpec parameter : command.getCommandSpec().positionalParameters()) {
      String values = values(parameter);
      if (isFile(parameter)) {
        line(complete, "-F");
      } else if (!values.isEmpty()) {
        line(complete, "-a", quoted(values));
      }
    }
    command.getSubcommands().values().forEach(this::command);
  }

  private void option(String complete, OptionSpec option) {
    List<String> words = new ArrayList<>(List.of(complete));
    for (String name : option.names()) {
      words.add((name.startsWith("--") ? "-l " : "-s ") + name.replaceFirst("^-+", ""));
    }
    if (option.arity().max() > 0) {
      String values = values(option);
      words.add(isFile(option) ? "-r -F" : "-x");
      if (!values.isEmpty()) {
        words.add("-a " + quoted(values));
      }
    }
    words.add("-d " + quoted(Wording.firstSentence(option.description())));
    line(words.toArray(String[]::new));
  }

  private static String header(CommandLine command) {
    return Wording.firstSentence(command.getCommandSpec().usageMessage().header());
  }

  private static String values(ArgSpec argument) {
    Iterable<String> candidates = argument.completionCandidates();
    return candidates == null
        ? ""
        : StreamSupport.stream(candidates.spliterator(), false).collect(Collectors.joining(" "));
  }

  private static boolean isFile(ArgSpec argument) {
    return Stream.of(argument.typeInfo().getType(), argument.auxiliaryTypes()[0])
        .anyMatch(type -> type == Path.class || type == File.class);
  }

  private void line(String... words) {
    script.append(String.join(" ", words)).append('\n');
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
