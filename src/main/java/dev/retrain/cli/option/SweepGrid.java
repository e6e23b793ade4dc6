package dev.retrain.cli.option;

import dev.retrain.cli.command.RetrainCommand;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Gives a command every option of {@link TrainingOptionsMixin}, whatever these are, with a list of
 * values in place of one: separated by commas, or by giving the option again. An option whose one
 * value is a list is given again for each. A flag takes {@code true,false}.
 */
public final class SweepGrid implements IModelTransformer {
  private static final String SEED = "seed";

  /** The options of one training. */
  @Command
  private static final class One {
    @Mixin private TrainingOptionsMixin learning;
  }

  /** Values of some options, by their longest names. */
  private record Choice(Map<String, String> values) {
    Choice and(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(values);
      more.put(name, value);
      return new Choice(more);
    }
  }

  private static CommandSpec one() {
    return CommandSpec.forAnnotatedObject(new One());
  }

  @Override
  public CommandSpec transform(CommandSpec command) {
    CommandSpec one = one();
    for (ArgGroupSpec group : one.argGroups()) {
      ArgGroupSpec.Builder lists = ArgGroupSpec.builder().validate(false).heading(group.heading());
      group.allOptionsNested().forEach(option -> lists.addArg(list(option)));
      command.addArgGroup(lists.build());
    }
    one.options().stream()
        .filter(option -> option.group() == null)
        .forEach(option -> command.addOption(list(option)));
    return command;
  }

  private static OptionSpec list(OptionSpec option) {
    OptionSpec.Builder list =
        OptionSpec.builder(option.names())
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description(described(option));
    if (isFlag(option)) {
      return list.arity("0..1")
          .fallbackValue("true")
          .paramLabel("true|false")
          .splitRegex(",")
          .build();
    }
    list.paramLabel(option.paramLabel());
    return (option.isMultiValue() ? list : list.splitRegex(",")).build();
  }

  // The default is the one value's; of the list there is none.
  private static String[] described(OptionSpec option) {
    String byDefault = String.valueOf(option.initialValue());
    return Stream.of(option.description())
        .map(line -> line.replace("${DEFAULT-VALUE}", byDefault))
        .toArray(String[]::new);
  }

  private static boolean isFlag(OptionSpec option) {
    return option.arity().max() == 0;
  }

  /**
   * Every combination of the values that were given.
   *
   * @param command the command, parsed
   * @return the trainings, at least one; the last option's values change first
   * @throws ParameterException where a value is none, or two trainings would be the same
   */
  public static List<SweepRun> runs(RetrainCommand command) {
    List<Choice> choices = List.of(new Choice(Map.of()));
    List<String> varied = new ArrayList<>();
    for (OptionSpec option : one().options()) {
      String name = option.longestName();
      List<String> values = values(command, name);
      if (values.size() > 1 && !RetrainCommand.key(option).equals(SEED)) {
        varied.add(RetrainCommand.key(option));
      }
      if (!values.isEmpty()) {
        choices =
            choices.stream()
                .flatMap(choice -> values.stream().map(value -> choice.and(name, value)))
                .toList();
      }
    }
    List<SweepRun> runs = choices.stream().map(choice -> run(command, choice, varied)).toList();
    checkDifferent(command, runs);
    return runs;
  }

  @SuppressWarnings("unchecked")
  private static List<String> values(RetrainCommand command, String name) {
    List<String> values = command.spec.findOption(name).getValue();
    return values == null ? List.of() : List.copyOf(new LinkedHashSet<>(values));
  }

  private static SweepRun run(RetrainCommand command, Choice choice, List<String> varied) {
    CommandSpec spec = one();
    try {
      new CommandLine(spec).parseArgs(arguments(spec, choice));
      TrainingOptionsMixin learning = ((One) spec.userObject()).learning;
      TrainingOptions training = learning.training();
      Map<String, String> options = RetrainCommand.values(spec.options());
      learning.withoutForce().forEach(options::remove);
      Map<String, String> setting = new LinkedHashMap<>();
      varied.forEach(key -> setting.put(key, options.get(key)));
      return new SweepRun(setting, options, training);
    } catch (IllegalArgumentException e) {
      throw command.usage(e);
    } catch (ParameterException e) {
      throw command.usage(e.getMessage());
    }
  }

  private static String[] arguments(CommandSpec spec, Choice choice) {
    return choice.values().entrySet().stream()
        .flatMap(
            entry ->
                isFlag(spec.findOption(entry.getKey()))
                    ? flag(entry.getKey(), entry.getValue())
                    : Stream.of(entry.getKey() + "=" + entry.getValue()))
        .toArray(String[]::new);
  }

  private static Stream<String> flag(String name, String value) {
    return switch (value) {
      case "true" -> Stream.of(name);
      case "false" -> Stream.empty();
      default ->
          throw new IllegalArgumentException(
              "%s takes true, false, or both, but is given '%s'".formatted(name, value));
    };
  }

  private static void checkDifferent(RetrainCommand command, List<SweepRun> runs) {
    Map<TrainingOptions, SweepRun> seen = new HashMap<>();
    for (SweepRun run : runs) {
      SweepRun same = seen.put(run.training(), run);
      if (same != null) {
        throw command.usage(
            "%s and %s are the same training; leave one out".formatted(same.name(), run.name()));
      }
    }
  }

  /** How many test images are run at once. */
  public static int testBatchSize(List<SweepRun> runs) {
    return Integer.parseInt(runs.get(0).options().get("test_batch_size"));
  }
}
