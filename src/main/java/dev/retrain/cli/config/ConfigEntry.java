package dev.retrain.cli.config;

import dev.retrain.cli.option.OptionValues;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option that a file sets.
 *
 * @param option the option
 * @param values its value as written, or several
 * @param place where it is set, such as {@code retrain.yaml, line 3}
 */
record ConfigEntry(OptionSpec option, List<String> values, String place) {
  ConfigEntry {
    values = List.copyOf(values);
  }

  /** The equivalent command-line arguments. */
  Stream<String> arguments() {
    String name = OptionValues.primaryName(option) + "=";
    return option.splitRegex().isEmpty()
        ? values.stream().map(name::concat)
        : Stream.of(name + String.join(option.splitRegex(), values));
  }
}
