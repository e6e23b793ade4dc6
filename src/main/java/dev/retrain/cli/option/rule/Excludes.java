package dev.retrain.cli.option.rule;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Options that cannot be combined with others.
 *
 * @param options any of these...
 * @param excluded ...and any of these exclude each other; the defaults of these have no effect
 *     beside one of {@code options}
 * @param dependents options that belong to one of {@code excluded}: valid beside {@code options},
 *     but dropped from a configuration file together with what they belong to
 */
public record Excludes(Set<String> options, Set<String> excluded, Set<String> dependents)
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
    return names.stream().sorted().filter(name -> OptionRules.isGiven(command, name)).findFirst();
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
