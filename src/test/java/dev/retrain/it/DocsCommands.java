package dev.retrain.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retrain.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the commands in the documentation's {@code sh} blocks. */
final class DocsCommands {
  /** Records the arguments of each command, after their number, and runs nothing. */
  private static final String RECORD =
      "command_not_found_handle() { printf '%s\\0' \"$#\" \"$@\" >>\"$RECORD\"; }\n";

  private DocsCommands() {}

  /**
   * Returns the arguments of each {@code retrain} in a page: with {@code java -jar}, with the
   * launcher, or in a container.
   *
   * @param directory an empty directory, for what the shell writes
   */
  static List<List<String>> retrain(DocsPage page, Path directory) throws IOException {
    List<List<String>> arguments = new ArrayList<>();
    for (String script : page.blocks("sh")) {
      for (List<String> command : commands(script, directory)) {
        retrainArguments(command).ifPresent(arguments::add);
      }
    }
    return arguments;
  }

  /** Lets bash split a script into commands. No command is on its PATH, so none runs. */
  private static List<List<String>> commands(String script, Path directory) throws IOException {
    Path record = Files.createTempFile(directory, "record", "");
    Path file = Files.writeString(Files.createTempFile(directory, "script", ""), RECORD + script);
    Tool.Ended ended =
        Tool.require("bash")
            .run(
                directory,
                Map.of("PATH", directory.toString(), "RECORD", record.toString()),
                "--norc",
                file);
    assertThat(ended.code()).as("%s%n%s", script, ended.out()).isZero();
    List<String> words = List.of(Files.readString(record, StandardCharsets.UTF_8).split("\0", -1));
    List<List<String>> commands = new ArrayList<>();
    int next = 0;
    while (next < words.size() - 1) {
      int count = Integer.parseInt(words.get(next));
      commands.add(words.subList(next + 1, next + 1 + count));
      next += 1 + count;
    }
    return commands;
  }

  private static Optional<List<String>> retrainArguments(List<String> command) {
    int start =
        switch (command.get(0)) {
          case "retrain" -> 0;
          case "java" -> command.indexOf("target/retrain.jar");
          case "docker" -> command.get(1).equals("run") ? command.indexOf("retrain") : -1;
          default -> -1;
        };
    if (start < 0) {
      assertThat(command.get(0)).as(String.join(" ", command)).isNotEqualTo("java");
      return Optional.empty();
    }
    return Optional.of(command.subList(start + 1, command.size()));
  }

  /** Returns these arguments without argument files, which don't exist here. */
  static String[] withoutArgumentFiles(List<String> arguments) {
    return arguments.stream().filter(word -> !word.startsWith("@")).toArray(String[]::new);
  }

  /** Returns these arguments with another backbone in place of one that must be downloaded. */
  static List<String> offline(List<String> arguments) {
    return Arrays.asList(
        arguments.stream()
            .map(word -> word.startsWith("mobilenet_") ? "scattering" : word)
            .toArray(String[]::new));
  }
}
