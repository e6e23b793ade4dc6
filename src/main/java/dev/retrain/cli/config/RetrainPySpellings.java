package dev.retrain.cli.config;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets scripts written for retrain.py run: its option names become this tool's. Underscores become
 * hyphens, and a few options have other names here. Where bottleneck files are read or written,
 * {@code --architecture} stays: it is part of their names then, and no network is run.
 */
public final class RetrainPySpellings {
  private static final Map<String, String> NAMES =
      Map.of(
          "--how-many-training-steps", "--iterations",
          "--learning-rate", "--lr",
          "--architecture", "--backbone",
          "--print-misclassified-test-images", "--print-misclassified");

  private RetrainPySpellings() {}

  /**
   * @param arguments a command line
   * @return the same in this tool's spelling; values are left alone
   */
  public static String[] translate(String... arguments) {
    boolean files = ofBottleneckFiles(List.of(arguments));
    return Arrays.stream(arguments)
        .map(argument -> translate(argument, files))
        .toArray(String[]::new);
  }

  private static boolean ofBottleneckFiles(List<String> arguments) {
    boolean importOrExport =
        arguments.size() > 1
            && arguments.get(0).equals("bottleneck")
            && Set.of("import", "export").contains(arguments.get(1));
    return importOrExport
        || arguments.stream().anyMatch(argument -> argument.matches("--vectors(=.*)?"));
  }

  private static String translate(String argument, boolean ofBottleneckFiles) {
    if (!argument.matches("--[a-z][a-z_-]*(=.*)?")) {
      return argument;
    }
    int equals = argument.indexOf('=');
    String name = (equals < 0 ? argument : argument.substring(0, equals)).replace('_', '-');
    String value = equals < 0 ? "" : argument.substring(equals);
    boolean stays = ofBottleneckFiles && name.equals("--architecture");
    return (stays ? name : NAMES.getOrDefault(name, name)) + value;
  }
}
