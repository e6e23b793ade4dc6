package dev.retrain.cli.config;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Translates retrain.py's option names, so that scripts written for it run. Underscores become
 * hyphens, and a few options have other names. Commands that read or write bottleneck files have an
 * {@code --architecture} option of their own, which is not translated.
 */
public final class RetrainPySpellings {
  private static final Map<String, String> NAMES =
      Map.of(
          "--how-many-training-steps", "--iterations",
          "--architecture", "--backbone",
          "--print-misclassified-test-images", "--print-misclassified");

  /** Options that have no counterpart of the same kind, and what to do instead. */
  private static final Map<String, String> UNSUPPORTED =
      Map.of(
          "--tfhub-module", "choose the network with --backbone",
          "--saved-model-dir", "write a SavedModel after the training, with 'retrain export'",
          "--intermediate-output-graphs-dir", "no intermediate graphs are written; remove it",
          "--intermediate-store-frequency", "no intermediate graphs are written; remove it",
          "--checkpoint-path", "no checkpoints are written; remove it",
          "--logging-verbosity", "use --verbose or --quiet");

  private RetrainPySpellings() {}

  /**
   * What to use instead of an option of retrain.py that no command has.
   *
   * @param argument an argument of a translated command line
   */
  public static Optional<String> unsupported(String argument) {
    return Optional.ofNullable(UNSUPPORTED.get(argument.replaceFirst("=.*", "")));
  }

  /**
   * @param arguments a command line
   * @return the same with this tool's names; values do not change
   */
  public static String[] translate(String... arguments) {
    boolean bottleneckFiles = usesBottleneckFiles(List.of(arguments));
    return Arrays.stream(arguments)
        .map(argument -> translate(argument, bottleneckFiles))
        .toArray(String[]::new);
  }

  private static boolean usesBottleneckFiles(List<String> arguments) {
    boolean importOrExport =
        arguments.size() > 1
            && arguments.get(0).equals("bottleneck")
            && Set.of("import", "export").contains(arguments.get(1));
    return importOrExport
        || arguments.stream().anyMatch(argument -> argument.matches("--vectors(=.*)?"));
  }

  private static String translate(String argument, boolean usesBottleneckFiles) {
    if (!argument.matches("--[a-z][a-z_-]*(=.*)?")) {
      return argument;
    }
    int equals = argument.indexOf('=');
    String name = (equals < 0 ? argument : argument.substring(0, equals)).replace('_', '-');
    String value = equals < 0 ? "" : argument.substring(equals);
    boolean unchanged = usesBottleneckFiles && name.equals("--architecture");
    return (unchanged ? name : NAMES.getOrDefault(name, name)) + value;
  }
}
