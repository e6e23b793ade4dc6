package dev.retrain.command;

import picocli.CommandLine.Option;

/** What every command prints, and how much. */
final class OutputOptions {
  @Option(names = "--json", description = "Print the result as one JSON object on stdout.")
  boolean json;

  @Option(
      names = {"-v", "--verbose"},
      description = "Log more, and show the stack trace of a failure.")
  boolean verbose;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show no progress and log errors only.")
  boolean quiet;
}
