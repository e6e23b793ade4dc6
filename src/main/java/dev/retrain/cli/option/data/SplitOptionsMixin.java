package dev.retrain.cli.option.data;

import dev.retrain.cli.option.UsageErrors;
import dev.retrain.dataset.split.SplitOptions;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How images are split into training, validation and test sets. */
public final class SplitOptionsMixin {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup(validate = false, heading = "%nSplit:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = "--testing-percentage",
        paramLabel = "PERCENT",
        description = "Percentage of the images in the test set. Default: ${DEFAULT-VALUE}.")
    private int testing = SplitOptions.DEFAULT.testingPercentage();

    @Option(
        names = "--validation-percentage",
        paramLabel = "PERCENT",
        description = "Percentage of the images in the validation set. Default: ${DEFAULT-VALUE}.")
    private int validation = SplitOptions.DEFAULT.validationPercentage();

    @Option(
        names = "--test-files",
        paramLabel = "GLOB",
        description =
            "Use exactly the files whose names match as the test set, for example 'bt_*' for"
                + " CIFAR-10's test images. Default: split by percentage.")
    private String testFiles;
  }

  public SplitOptions split() {
    return UsageErrors.validate(
        spec,
        () ->
            new SplitOptions(
                group.testing, group.validation, Optional.ofNullable(group.testFiles)));
  }
}
