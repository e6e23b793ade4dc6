package dev.retrain.cli.option;

import dev.retrain.cli.process.RunTimeout;
import picocli.CommandLine.Option;

/** Whether a model's graph runs whatever its ops are, and how long. */
public final class TrustGraphOption {
  @Option(
      names = "--trust-graph",
      description =
          "Run the model's graph even if it contains ops that are refused otherwise, because they"
              + " can read and write files, never end or do other harm. Only for models whose source"
              + " you trust.")
  private boolean trusted;

  /** Takes effect before the command runs. */
  @Option(
      names = RunTimeout.OPTION,
      paramLabel = "SECONDS",
      description =
          "End the command if the model's graph doesn't compute a batch within this time; 0 for no"
              + " limit. Default: ${DEFAULT-VALUE}.")
  int runTimeout = RunTimeout.DEFAULT;

  /** Whether the graph may run whatever its ops are. */
  public boolean isTrusted() {
    return trusted;
  }
}
