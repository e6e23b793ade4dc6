package dev.retrain.cli.option.training;

import dev.retrain.cli.option.OptionValues;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Gives a command every option of {@link TrainingOptionsMixin} and {@link FineTuneOptionsMixin}
 * that affects the result, with a list of values instead of one: separated by commas, or by
 * repeating the option. An option whose single value is a list is repeated for each. A flag accepts
 * {@code true,false}.
 */
public final class SweepOptions implements IModelTransformer {
  /** The options of one training. */
  @Command
  static final class Training {
    // The order is that of the settings in the names of runs.
    @Mixin private TrainingOptionsMixin options;
    @Mixin private FineTuneOptionsMixin fineTuning;

    TrainingOptionsMixin options() {
      return options;
    }

    FineTuneOptionsMixin fineTuning() {
      return fineTuning;
    }
  }

  static CommandSpec training() {
    return CommandSpec.forAnnotatedObject(new Training());
  }

  /** The options of a training that accept lists in a sweep. */
  static List<OptionSpec> lists() {
    return training().options().stream().filter(SweepOptions::isList).toList();
  }

  private static boolean isList(OptionSpec option) {
    return !OptionValues.isPresentation(option);
  }

  static boolean isFlag(OptionSpec option) {
    return option.arity().max() == 0;
  }

  @Override
  public CommandSpec transform(CommandSpec command) {
    CommandSpec training = training();
    for (ArgGroupSpec group : training.argGroups()) {
      ArgGroupSpec.Builder lists = ArgGroupSpec.builder().validate(false).heading(group.heading());
      group.allOptionsNested().stream()
          .filter(SweepOptions::isList)
          .forEach(option -> lists.addArg(list(option)));
      command.addArgGroup(lists.build());
    }
    training.options().stream()
        .filter(option -> option.group() == null && isList(option))
        .forEach(option -> command.addOption(list(option)));
    return command;
  }

  private static OptionSpec list(OptionSpec option) {
    OptionSpec.Builder list =
        OptionSpec.builder(option.names())
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description(description(option));
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

  /** The list itself has no default; its description shows that of the single value. */
  private static String[] description(OptionSpec option) {
    String defaultValue = String.valueOf(option.initialValue());
    return Stream.of(option.description())
        .map(line -> line.replace("${DEFAULT-VALUE}", defaultValue))
        .toArray(String[]::new);
  }
}
