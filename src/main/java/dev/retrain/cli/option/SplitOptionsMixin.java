package dev.retrain.cli.option;

import dev.retrain.dataset.SplitOptions;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How images are dealt to partitions. */
public final class SplitOptionsMixin {
  @ArgGroup(validate = false, heading = "%nPartitions:%n")
  private Group group = new Group();

  private static final class Group {
    @Option(
        names = "--testing-percentage",
        paramLabel = "PERCENT",
        description = "Share of the images to test with. Default: ${DEFAULT-VALUE}.")
    private int testing = SplitOptions.DEFAULT.testingPercentage();

    @Option(
        names = "--validation-percentage",
        paramLabel = "PERCENT",
        description = "Share of the images to validate with. Default: ${DEFAULT-VALUE}.")
    private int validation = SplitOptions.DEFAULT.validationPercentage();

    @Option(
        names = "--test-files",
        paramLabel = "GLOB",
        description =
            "File names that are the test partition, and nothing else is, such as 'bt_*' for"
                + " CIFAR-10's own. Default: by percentage.")
    private String testFiles;
  }

  public SplitOptions split() {
    return new SplitOptions(group.testing, group.validation, Optional.ofNullable(group.testFiles));
  }
}
