package dev.retrain.cli.option;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of every command: output format, verbosity, and a configuration file. */
public final class OutputOptions {
  /** The option that names a configuration file. */
  public static final String CONFIG = "--config";

  @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
  private boolean json;

  @Option(
      names = {"-v", "--verbose"},
      description = "Log more, and show stack traces of errors.")
  private boolean verbose;

  @Option(
      names = {"-q", "--quiet"},
      description = "Hide the progress, and log errors only.")
  private boolean quiet;

  /** Evaluated before the command runs, by {@code cli.config}. */
  @Option(
      names = CONFIG,
      paramLabel = "FILE",
      description =
          "Read options from a YAML file: 'lr: 0.1' is --lr 0.1. Command-line options override"
              + " the file.")
  Path config;

  public boolean json() {
    return json;
  }

  public boolean verbose() {
    return verbose;
  }

  public boolean quiet() {
    return quiet;
  }
}
