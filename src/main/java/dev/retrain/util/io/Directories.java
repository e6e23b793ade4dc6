package dev.retrain.util.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes directories. */
public final class Directories {
  private Directories() {}

  /**
   * Makes a directory and those above it, where they are missing. A link to a directory is one:
   * {@link Files#createDirectories} of Java 17 takes it for a file in the way.
   *
   * @param directory which
   * @return the directory
   * @throws IOException where it can't be made
   */
  public static Path make(Path directory) throws IOException {
    return Files.isDirectory(directory) ? directory : Files.createDirectories(directory);
  }
}
