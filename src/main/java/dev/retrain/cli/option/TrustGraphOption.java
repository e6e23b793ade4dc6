package dev.retrain.cli.option;

import picocli.CommandLine.Option;

/** Whether a model's graph runs whatever its ops are. */
public final class TrustGraphOption {
  @Option(
      names = "--trust-graph",
      description =
          "Run the model's graph even if it contains ops that are refused otherwise, because they"
              + " can read and write files, never end or do other harm. Only for models whose source"
              + " you trust.")
  private boolean trusted;

  /** Whether the graph may run whatever its ops are. */
  public boolean isTrusted() {
    return trusted;
  }
}
