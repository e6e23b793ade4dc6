package dev.retrain.cli.option.rule;

import dev.retrain.cli.option.OptionValues;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;

/** A constraint between options of one command. Options are identified by their primary names. */
public sealed interface OptionRule {
  /**
   * @param command a command that was parsed
   * @return what is wrong with the given options; empty if they obey the rule
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
   * @return options whose values, defaults included, have no effect together with the given ones
   */
  Set<String> withoutEffect(CommandSpec command);

  private static boolean isGiven(CommandSpec command, String option) {
    return command.commandLine().getParseResult().hasMatchedOption(option);
  }

  /**
   * Options that cannot be combined with others.
   *
   * @param options any of these...
   * @param excluded ...and any of these exclude each other; the defaults of these have no effect
   *     together with one of {@code options}
   * @param dependents options that belong to one of {@code excluded}: valid together with {@code
   *     options}, but dropped from a configuration file together with what they belong to
   */
  record Excludes(Set<String> options, Set<String> excluded, Set<String> dependents)
      implements OptionRule {
    public Excludes {
      options = Set.copyOf(options);
      excluded = Set.copyOf(excluded);
      dependents = Set.copyOf(dependents);
    }

    public Excludes(Set<String> options, Set<String> excluded) {
      this(options, excluded, Set.of());
    }

    @Override
    public Optional<String> violation(CommandSpec command) {
      return firstGiven(command, excluded)
          .flatMap(
              other ->
                  firstGiven(command, options)
                      .map(option -> "%s cannot be combined with %s".formatted(other, option)));
    }

    private static Optional<String> firstGiven(CommandSpec command, Set<String> names) {
      return names.stream().sorted().filter(name -> isGiven(command, name)).findFirst();
    }

    @Override
    public Set<String> overriddenBy(String option) {
      if (!options.contains(option)) {
        return Set.of();
      }
      Set<String> overridden = new HashSet<>(excluded);
      overridden.addAll(dependents);
      return overridden;
    }

    @Override
    public Set<String> withoutEffect(CommandSpec command) {
      return firstGiven(command, options).isPresent() ? excluded : Set.of();
    }
  }

  /**
   * An option that has a meaning only together with another one.
   *
   * @param option the dependent option
   * @param needed the option it requires
   * @param value the value that {@code needed} must have; absent if it must be given, with any
   *     value
   * @param hint what to do otherwise, which follows the message; may be empty
   */
  record Requires(String option, String needed, Optional<String> value, String hint)
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
      return isGiven(command, option) && !isSatisfied(command)
          ? Optional.of(
              "%s requires %s%s%s"
                  .formatted(option, needed, value.map(word -> " " + word).orElse(""), hint))
          : Optional.empty();
    }

    /**
     * A sweep's list, which has the spelling of the user, satisfies this if it contains the value;
     * each training is checked again.
     */
    private boolean isSatisfied(CommandSpec command) {
      if (value.isEmpty()) {
        return isGiven(command, needed);
      }
      Object actual = command.findOption(needed).getValue();
      return actual == null
          || Arrays.stream(OptionValues.text(actual).split(","))
              .anyMatch(value.get()::equalsIgnoreCase);
    }

    @Override
    public Set<String> withoutEffect(CommandSpec command) {
      return isSatisfied(command) ? Set.of() : Set.of(option);
    }
  }

  /**
   * An option that has a meaning only together with one of several others.
   *
   * @param option the dependent option
   * @param needed the options of which it requires one
   * @param alternative what also satisfies the rule, if none of them is given
   */
  record RequiresAny(String option, List<String> needed, Predicate<CommandSpec> alternative)
      implements OptionRule {
    public RequiresAny {
      needed = List.copyOf(needed);
    }

    @Override
    public Optional<String> violation(CommandSpec command) {
      return isGiven(command, option) && !isSatisfied(command)
          ? Optional.of("%s requires %s".formatted(option, String.join(" or ", needed)))
          : Optional.empty();
    }

    private boolean isSatisfied(CommandSpec command) {
      return needed.stream().anyMatch(other -> isGiven(command, other))
          || alternative.test(command);
    }

    @Override
    public Set<String> withoutEffect(CommandSpec command) {
      return isSatisfied(command) ? Set.of() : Set.of(option);
    }
  }
}
