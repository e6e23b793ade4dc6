package dev.retrain.cli.config;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option that a file gives a value.
 *
 * @param option which
 * @param values its value as it is spelled, or several
 * @param place where that stands, such as {@code retrain.yaml, line 3}
 */
record ConfigEntry(OptionSpec option, List<String> values, String place) {
  /** Copies the list. */
  ConfigEntry {
    values = List.copyOf(values);
  }

  /** The arguments that say the same on a command line. */
  Stream<String> arguments() {
    String name = option.longestName() + "=";
    return option.splitRegex().isEmpty()
        ? values.stream().map(name::concat)
        : Stream.of(name + String.join(option.splitRegex(), values));
  }
}
