package dev.retrain.util.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;

/** Writes directories that are complete or absent. */
public final class AtomicDirectory {
  private AtomicDirectory() {}

  /** Writes the content of a directory. */
  @FunctionalInterface
  public interface Content {
    /**
     * @param directory an empty directory
     * @throws IOException if writing fails
     */
    void writeTo(Path directory) throws IOException;
  }

  /**
   * Writes a directory with a temporary name in the target's parent directory, forces its files to
   * disk and renames it.
   *
   * @param target the directory; an existing one is deleted when the new one is complete
   * @param content writes the files
   * @throws IOException if that fails; then the target is the complete old or new directory
   */
  public static void write(Path target, Content content) throws IOException {
    // A link stays, and its target is replaced.
    Path directory = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
    LockFile lock =
        LockFile.beside(directory)
            .orElseThrow(
                () ->
                    OutputException.withMessage(
                        "Another process is writing to %s; wait until it ends, or choose another"
                                .formatted(target)
                            + " directory."));
    try (lock) {
      writeLocked(directory, content);
    } catch (IOException e) {
      throw OutputException.directory(target, e);
    }
  }

  private static void writeLocked(Path directory, Content content) throws IOException {
    Path earlier = directory.resolveSibling(PendingFile.hidden(directory, ".earlier"));
    restore(earlier, directory);
    // Files.createTempDirectory would deny access to other users.
    Path part = directory.resolveSibling(PendingFile.hidden(directory, ".part"));
    deleteIfExists(part);
    Files.createDirectory(part);
    try {
      content.writeTo(part);
      force(part);
      boolean replaces = Files.exists(directory);
      if (replaces) {
        AtomicFile.move(directory, earlier);
      }
      try {
        AtomicFile.move(part, directory);
      } catch (IOException e) {
        if (replaces) {
          AtomicFile.move(earlier, directory);
        }
        throw e;
      }
      deleteIfExists(earlier);
    } finally {
      deleteIfExists(part);
    }
  }

  private static void deleteIfExists(Path directory) throws IOException {
    if (Files.exists(directory)) {
      PathUtils.deleteDirectory(directory);
    }
  }

  /** Restores the state after a process was killed between two renames. */
  private static void restore(Path earlier, Path directory) throws IOException {
    if (!Files.exists(earlier)) {
      return;
    }
    if (Files.exists(directory)) {
      deleteIfExists(earlier);
    } else {
      AtomicFile.move(earlier, directory);
    }
  }

  private static void force(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        AtomicFile.force(file);
      }
    }
  }
}
