package dev.retrain.cli.option;

import picocli.CommandLine.Option;

/** Whether to show the plan of a run instead of running. */
public final class DryRunOptions {
  @Option(
      names = {"-n", "--dry-run"},
      description =
          "Show the split, the cached vectors and the estimated time, and change nothing: no"
              + " download, no cache entry. A sample of a few seconds estimates the throughput.")
  private boolean given;

  public boolean given() {
    return given;
  }
}
