package dev.retrain.cli.option.rule;

import dev.retrain.cli.option.OptionValues;
import dev.retrain.cli.option.UsageErrors;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Applies the rules of a command and of its mixins. */
public final class OptionRules {
  private OptionRules() {}

  private static Stream<OptionRule> all(CommandSpec command) {
    return Stream.concat(Stream.of(command), command.mixins().values().stream())
        .map(CommandSpec::userObject)
        .filter(RuledOptions.class::isInstance)
        .flatMap(ruled -> ((RuledOptions) ruled).rules().stream());
  }

  /**
   * @param command a command that was parsed
   * @throws ParameterException where its options violate a rule
   */
  public static void check(CommandSpec command) {
    all(command)
        .map(rule -> rule.violation(command))
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(
            problem -> {
              throw UsageErrors.create(command, "%s", problem);
            });
  }

  /**
   * The primary names of the options whose values from a file the given options override.
   *
   * @param command the command that runs
   * @param given options from the command line, or from a more specific section of the file
   */
  public static Set<String> overridden(CommandSpec command, Collection<OptionSpec> given) {
    List<OptionRule> rules = all(command).toList();
    return given.stream()
        .map(OptionValues::primaryName)
        .flatMap(name -> rules.stream().flatMap(rule -> rule.overriddenBy(name).stream()))
        .collect(Collectors.toSet());
  }

  /**
   * The keys of the options that have no effect, which a record of the options omits.
   *
   * @param command a command that was parsed
   */
  public static Set<String> keysWithoutEffect(CommandSpec command) {
    return all(command)
        .flatMap(rule -> rule.withoutEffect(command).stream())
        .map(OptionValues::key)
        .collect(Collectors.toSet());
  }
}
