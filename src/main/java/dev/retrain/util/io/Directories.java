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
   * @throws OutputException if it can't be created
   */
  public static Path create(Path directory) throws OutputException {
    if (Files.isDirectory(directory)) {
      return directory;
    }
    for (Path above = directory; above != null; above = above.getParent()) {
      if (Files.exists(above) && !Files.isDirectory(above)) {
        throw OutputException.withMessage(
            "The directory %s can't be created: %s is not a directory. Move it, or choose another directory."
                .formatted(directory, above));
      }
    }
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      if (Files.isDirectory(directory)) {
        // Another process created it meanwhile.
        return directory;
      }
      throw OutputException.directory(directory, e);
    }
  }
}
