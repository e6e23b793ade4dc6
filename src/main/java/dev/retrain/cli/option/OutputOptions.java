package dev.retrain.cli.option;

import dev.retrain.cli.config.ConfiguredExecution;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What every command takes: what it prints, how much, and more options from a file. */
public final class OutputOptions {
  @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
  public boolean json;

  @Option(
      names = {"-v", "--verbose"},
      description = "Log more, and show the stack trace of a failure.")
  public boolean verbose;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show no progress and log errors only.")
  public boolean quiet;

  /** Read by {@link ConfiguredExecution}, before the command runs. */
  @Option(
      names = ConfiguredExecution.OPTION,
      paramLabel = "FILE",
      description =
          "Take options from a YAML file: 'lr: 0.1' is --lr 0.1. What the command line says"
              + " counts more.")
  Path config;
}
