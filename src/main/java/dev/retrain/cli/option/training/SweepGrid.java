package dev.retrain.cli.option.training;

import dev.retrain.cli.option.OptionValues;
import dev.retrain.cli.option.UsageErrors;
import dev.retrain.cli.option.rule.OptionRules;
import dev.retrain.job.finetune.FineTuneRequest;
import dev.retrain.job.sweep.SweepRun;
import dev.retrain.training.TrainingOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The trainings of a sweep: every combination of the values given for {@link SweepOptions}. */
public final class SweepGrid {
  private static final String SEED = "seed";

  /** One value for each of some options, by their primary names. */
  private record Combination(Map<String, String> values) {
    Combination with(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(values);
      more.put(name, value);
      return new Combination(more);
    }
  }

  private final CommandSpec command;
  private final List<SweepRun> runs;
  private int testBatchSize;

  /**
   * @param command a command with {@link SweepOptions}, parsed
   * @throws ParameterException if a value is invalid, or two trainings are the same
   */
  public SweepGrid(CommandSpec command) {
    this.command = command;
    List<Combination> combinations = List.of(new Combination(Map.of()));
    List<String> varied = new ArrayList<>();
    for (OptionSpec option : SweepOptions.lists()) {
      String name = OptionValues.primaryName(option);
      List<String> values = values(name);
      if (values.size() > 1 && !OptionValues.key(option).equals(SEED)) {
        varied.add(OptionValues.key(option));
      }
      if (!values.isEmpty()) {
        combinations =
            combinations.stream()
                .flatMap(combination -> values.stream().map(value -> combination.with(name, value)))
                .toList();
      }
    }
    if (varied.isEmpty()) {
      // Nothing differs, so the options that are given name the only setting.
      combinations.get(0).values().keySet().stream()
          .map(OptionValues::key)
          .filter(key -> !key.equals(SEED))
          .forEach(varied::add);
    }
    runs = combinations.stream().map(combination -> run(combination, varied)).toList();
    checkDistinct();
  }

  /** The trainings, at least one; the values of the last option vary fastest. */
  public List<SweepRun> runs() {
    return runs;
  }

  /** Images per batch of the final test. */
  public int testBatchSize() {
    return testBatchSize;
  }

  @SuppressWarnings("unchecked")
  private List<String> values(String name) {
    List<String> values = command.findOption(name).getValue();
    return values == null ? List.of() : List.copyOf(new LinkedHashSet<>(values));
  }

  private SweepRun run(Combination combination, List<String> varied) {
    CommandSpec spec = SweepOptions.training();
    try {
      new CommandLine(spec).parseArgs(arguments(spec, combination));
      OptionRules.check(spec);
      SweepOptions.Training given = (SweepOptions.Training) spec.userObject();
      TrainingOptionsMixin options = given.options();
      TrainingOptions training = options.training();
      testBatchSize = options.testBatchSize();
      Map<String, String> values = OptionValues.values(spec.options());
      values.keySet().removeAll(OptionRules.keysWithoutEffect(spec));
      Map<String, String> setting = new LinkedHashMap<>();
      // A flag that is not set has no value.
      varied.forEach(key -> setting.put(key, values.getOrDefault(key, "false")));
      return new SweepRun(setting, values, training, given.fineTuning().tuning(training.seed()));
    } catch (ParameterException e) {
      throw UsageErrors.create(command, "%s", e.getMessage());
    }
  }

  private String[] arguments(CommandSpec spec, Combination combination) {
    return combination.values().entrySet().stream()
        .flatMap(
            entry ->
                SweepOptions.isFlag(spec.findOption(entry.getKey()))
                    ? flag(entry.getKey(), entry.getValue())
                    : Stream.of(entry.getKey() + "=" + entry.getValue()))
        .toArray(String[]::new);
  }

  private Stream<String> flag(String name, String value) {
    return switch (value) {
      case "true" -> Stream.of(name);
      case "false" -> Stream.empty();
      default ->
          throw UsageErrors.create(
              command, "%s must be true, false or both, but is '%s'", name, value);
    };
  }

  private void checkDistinct() {
    Map<List<Object>, SweepRun> seen = new HashMap<>();
    for (SweepRun run : runs) {
      SweepRun same =
          seen.put(List.of(run.training(), run.fineTuning().map(SweepGrid::identity)), run);
      if (same != null) {
        throw UsageErrors.create(
            command, "%s and %s are the same training; remove one", same.name(), run.name());
      }
    }
  }

  /** What the result of a fine-tuning depends on, given the images. */
  private static List<Object> identity(FineTuneRequest tuning) {
    return List.of(
        tuning.trainSize(),
        tuning.settings().layers(),
        tuning.settings().options().apply(FineTuneOptionsMixin.SOME_IMAGES));
  }
}
