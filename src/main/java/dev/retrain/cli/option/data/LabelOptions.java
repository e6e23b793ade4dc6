package dev.retrain.cli.option.data;

import dev.retrain.cli.option.rule.OptionRule;
import dev.retrain.cli.option.rule.OptionRule.Excludes;
import dev.retrain.cli.option.rule.RuledOptions;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How many classes an image has. */
public final class LabelOptions implements RuledOptions {
  @ArgGroup(validate = false, heading = "%nLabels:%n")
  private Group group = new Group();

  private static final class Group {
    /** Null, and not recorded in models, if it isn't given. */
    @Option(
        names = "--multi-label",
        description =
            "Images may have several classes: the same image, with identical content, in several"
                + " class folders has all of them. Trains sigmoid outputs, and chooses a threshold"
                + " for each class.")
    private Boolean multiLabel;
  }

  @Override
  public List<OptionRule> rules() {
    return List.of(
        new Excludes(
            Set.of("--multi-label"),
            Set.of("--class-weights", "--print-misclassified", "--max-per-class")));
  }

  /** Whether an image may have several classes. */
  public boolean multiLabel() {
    return Boolean.TRUE.equals(group.multiLabel);
  }
}
