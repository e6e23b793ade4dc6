package dev.retrain.cli;

import dev.retrain.cli.config.RetrainPySpellings;
import dev.retrain.cli.option.ModelParameter;
import dev.retrain.cli.option.OptionValues;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The messages for mistakes in a command line, where picocli's own don't say what to do. */
final class ParseMessages {
  private static final Pattern NOT_A_NUMBER =
      Pattern.compile(
          "Invalid value for option '(?<option>[^']+)'.*: '(?<value>.*)' is not an?"
              + " (?<type>double|float|int|long)",
          Pattern.DOTALL);

  private ParseMessages() {}

  static String message(ParameterException e, List<String> arguments) {
    String message = withPrimaryNames(e);
    Matcher number = NOT_A_NUMBER.matcher(message);
    if (number.matches()) {
      boolean whole = List.of("int", "long").contains(number.group("type"));
      return "%s must be a %s, but is '%s'"
          .formatted(
              number.group("option"), whole ? "whole number" : "number", number.group("value"));
    }
    String file =
        arguments.stream()
            .filter(ParseMessages::looksLikeOption)
            .findFirst()
            .map(name -> "; write the file %s as ./%s".formatted(name, name))
            .orElse("");
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched, message) + file;
    }
    if (message.equals("Missing required parameter: 'PATH'")) {
      String last = arguments.get(arguments.size() - 1);
      return "The model or the images are missing; give the graph that 'train' wrote, then the"
          + " images, such as 'retrain predict tmp/output_graph.pb %s'"
              .formatted(isImages(last) ? last : "photo.jpg");
    }
    if (message.startsWith("Missing required subcommand")
        && e.getCommandLine().getParent() == null) {
      return "A command is missing, such as quickstart, train or predict";
    }
    return message + file;
  }

  /** picocli names an option by its longest name, which may be an alias. */
  private static String withPrimaryNames(ParameterException e) {
    String message = e.getMessage();
    for (OptionSpec option : e.getCommandLine().getCommandSpec().options()) {
      message =
          message.replace(
              "option '%s'".formatted(option.longestName()),
              "option '%s'".formatted(OptionValues.primaryName(option)));
    }
    return message;
  }

  private static String unmatched(UnmatchedArgumentException e, String message) {
    String first = e.getUnmatched().get(0);
    Optional<String> other = RetrainPySpellings.unsupported(first);
    if (other.isPresent()) {
      return "%s is not supported: %s".formatted(first.replaceFirst("=.*", ""), other.get());
    }
    if (first.startsWith("@")) {
      return "The argument file %s does not exist".formatted(first.substring(1));
    }
    CommandLine command = e.getCommandLine();
    if (command.getParent() == null && first.startsWith("--")) {
      return "%s needs a command before it, such as 'retrain train %s'".formatted(first, first);
    }
    return message;
  }

  private static boolean isImages(String argument) {
    try {
      Path path = Path.of(argument);
      return Files.isDirectory(path) || ModelParameter.isImage(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static boolean looksLikeOption(String argument) {
    try {
      return argument.startsWith("-") && !argument.equals("-") && Files.exists(Path.of(argument));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
