package dev.retrain.cli.option.rule;

import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** A constraint between options of one command. Options are identified by their primary names. */
public sealed interface OptionRule permits Excludes, Requires {
  /**
   * @param command a command that was parsed
   * @return what is wrong with the given options; empty where they obey the rule
   */
  Optional<String> violation(CommandSpec command);

  /**
   * @param option an option that is given on the command line, or closer to the command in a file
   * @return options whose values from elsewhere are dropped, because {@code option} overrides them
   */
  default Set<String> overriddenBy(String option) {
    return Set.of();
  }

  /**
   * @param command a command that was parsed
   * @return options whose values, defaults included, have no effect beside the given ones
   */
  Set<String> withoutEffect(CommandSpec command);
}
