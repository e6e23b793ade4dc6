package dev.retrain.cli.option.rule;

import dev.retrain.cli.option.OptionValues;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/**
 * An option that has a meaning only beside another one.
 *
 * @param option the dependent option
 * @param needed the option it requires
 * @param value the value that {@code needed} must have; absent where it must be given
 * @param hint what to do otherwise, which follows the message; may be empty
 */
public record Requires(String option, String needed, Optional<String> value, String hint)
    implements OptionRule {
  public static Requires given(String option, String needed) {
    return new Requires(option, needed, Optional.empty(), "");
  }

  public static Requires givenOr(String option, String needed, String hint) {
    return new Requires(option, needed, Optional.empty(), "; " + hint);
  }

  public static Requires value(String option, String needed, String value) {
    return new Requires(option, needed, Optional.of(value), "");
  }

  @Override
  public Optional<String> violation(CommandSpec command) {
    return OptionRules.isGiven(command, option) && !isSatisfied(command)
        ? Optional.of(
            "%s requires %s%s%s"
                .formatted(option, needed, value.map(word -> " " + word).orElse(""), hint))
        : Optional.empty();
  }

  /** A sweep's list satisfies this if it contains the value; each training is checked again. */
  private boolean isSatisfied(CommandSpec command) {
    if (value.isEmpty()) {
      return OptionRules.isGiven(command, needed);
    }
    Object actual = command.findOption(needed).getValue();
    return actual == null
        || Arrays.asList(OptionValues.text(actual).split(",")).contains(value.get());
  }

  @Override
  public Set<String> withoutEffect(CommandSpec command) {
    return isSatisfied(command) ? Set.of() : Set.of(option);
  }
}
