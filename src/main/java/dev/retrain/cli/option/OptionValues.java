package dev.retrain.cli.option;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;

/** Names and values of options as models, sweeps and JSON results record them. */
public final class OptionValues {
  /** Options that change how a result is shown or stored, not the result itself. */
  private static final Set<String> PRESENTATION =
      Set.of(
          "--help",
          "--version",
          "--json",
          "--verbose",
          "--quiet",
          "--force",
          "--dry-run",
          "--resume",
          "--checkpoint-minutes",
          "--print-misclassified");

  private OptionValues() {}

  /** Whether an option changes how a result is shown or stored, but not the result. */
  public static boolean isPresentation(OptionSpec option) {
    return PRESENTATION.contains(primaryName(option));
  }

  /**
   * The name that identifies an option: the first of its long names, so that adding an alias
   * changes no recorded name. An option without a long name is identified by its short one.
   */
  public static String primaryName(OptionSpec option) {
    return Arrays.stream(option.names())
        .filter(name -> name.startsWith("--"))
        .findFirst()
        .orElseGet(option::longestName);
  }

  /** An option's primary name as a key of a record: {@code --decay-steps} is decay_steps. */
  public static String key(OptionSpec option) {
    return key(primaryName(option));
  }

  /**
   * @param name an option's primary name
   * @return the key of its value in a record
   */
  public static String key(String name) {
    return name.replaceFirst("^-+", "").replace('-', '_');
  }

  /** The values of options by key, in the order of the options, without presentation options. */
  public static Map<String, String> values(Collection<OptionSpec> options) {
    Map<String, String> values = new LinkedHashMap<>();
    for (OptionSpec option : options) {
      Object value = option.getValue();
      if (value != null && !isPresentation(option)) {
        values.put(key(option), text(value));
      }
    }
    return values;
  }

  /** An option's value as it would be typed; the elements of a list are separated by commas. */
  public static String text(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(Object::toString).collect(Collectors.joining(","))
        : String.valueOf(value);
  }
}
