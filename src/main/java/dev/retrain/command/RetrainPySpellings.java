package dev.retrain.command;

import java.util.Arrays;
import java.util.Map;

/**
 * Lets scripts written for retrain.py run: its option names become this tool's. Underscores become
 * hyphens, and a few options have other names here.
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
    return Arrays.stream(arguments).map(RetrainPySpellings::translate).toArray(String[]::new);
  }

  private static String translate(String argument) {
    if (!argument.matches("--[a-z][a-z_-]*(=.*)?")) {
      return argument;
    }
    int equals = argument.indexOf('=');
    String name = (equals < 0 ? argument : argument.substring(0, equals)).replace('_', '-');
    String value = equals < 0 ? "" : argument.substring(equals);
    return NAMES.getOrDefault(name, name) + value;
  }
}
