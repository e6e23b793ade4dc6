package dev.retrain.testing;

import dev.retrain.cli.Cli;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A short training in a test's directory. */
public final class ScatteringTraining {
  private ScatteringTraining() {}

  /**
   * Trains on {@code images}; writes {@code model.pb}, {@code labels.txt}, {@code logs} and {@code
   * cache}, and replaces existing files.
   *
   * @param directory the directory
   * @param more additional arguments
   */
  public static Cli run(Path directory, Object... more) {
    Object[] arguments = {
      "train",
      "-i",
      directory.resolve("images"),
      "--bottleneck-dir",
      directory.resolve("cache"),
      "-b",
      "scattering",
      "--iterations",
      20,
      "-o",
      directory.resolve("model.pb"),
      "--output-labels",
      directory.resolve("labels.txt"),
      "--summaries-dir",
      directory.resolve("logs"),
      "--no-plots",
      "--json",
      "-f",
      "-q"
    };
    return Cli.run(Stream.of(arguments, more).flatMap(Stream::of).toArray());
  }
}
