package dev.retrain.cli.option;

import dev.retrain.cli.process.RunTimeout;
import picocli.CommandLine.Option;

/** How long a model's graph may take for a batch. */
public final class RunTimeoutOption {
  /** Takes effect before the command runs. */
  @Option(
      names = RunTimeout.OPTION,
      paramLabel = "SECONDS",
      description =
          "End the command if the model's graph doesn't compute a batch within this time; 0 for no"
              + " limit. Default: ${DEFAULT-VALUE}.")
  int seconds = RunTimeout.DEFAULT;
}
