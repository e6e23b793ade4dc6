package dev.retrain.util.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creates directories. */
public final class Directories {
  private Directories() {}

  /**
   * Creates a directory and its parents if they are missing. Unlike {@link Files#createDirectories}
   * of Java 17, it accepts a link to a directory.
   *
   * @return the directory
   * @throws IOException if it can't be created
   */
  public static Path create(Path directory) throws IOException {
    return Files.isDirectory(directory) ? directory : Files.createDirectories(directory);
  }
}
