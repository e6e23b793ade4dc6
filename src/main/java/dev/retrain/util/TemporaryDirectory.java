package dev.retrain.util;

import dev.retrain.util.io.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creates temporary directories. */
public final class TemporaryDirectory {
  /** How to use another directory than that of the system. */
  private static final String REMEDY =
      "Free some disk space there, or use another temporary directory: java"
          + " -Djava.io.tmpdir=DIRECTORY.";

  private TemporaryDirectory() {}

  /**
   * Creates an empty directory, which the caller deletes.
   *
   * @throws RetrainException if Java's temporary directory can't be written to
   */
  public static Path create() {
    try {
      return Files.createTempDirectory("retrain");
    } catch (IOException e) {
      throw new RetrainException(
          e,
          "The temporary directory %s can't be written to: %s. %s",
          System.getProperty("java.io.tmpdir"),
          IoReason.of(e),
          REMEDY);
    }
  }
}
