package dev.retrain.util.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;

/** Writes directories that are either whole or not there. */
public final class AtomicDirectory {
  private AtomicDirectory() {}

  /** Writes the content of a directory. */
  @FunctionalInterface
  public interface Content {
    /**
     * @param directory an empty directory
     * @throws IOException where the writing fails
     */
    void writeTo(Path directory) throws IOException;
  }

  /**
   * Writes a directory under a temporary name beside the target, forces its files to disk and
   * renames it.
   *
   * @param target the directory; an earlier one is removed once the new one is whole
   * @param content what is in it
   * @throws IOException where that fails; what is there then is whole, the earlier or the new one
   */
  public static void write(Path target, Content content) throws IOException {
    // Through links: what they point to is replaced, and they stay.
    Path directory = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
    Path parent = Directories.make(directory.getParent());
    String hidden = ".%s.".formatted(directory.getFileName());
    Path earlier = parent.resolve(hidden + "earlier");
    restore(earlier, directory);
    // Not Files.createTempDirectory: its directories stay private to the user.
    Path part = Files.createDirectory(parent.resolve(hidden + UUID.randomUUID() + ".part"));
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
      if (replaces) {
        PathUtils.deleteDirectory(earlier);
      }
    } finally {
      if (Files.exists(part)) {
        PathUtils.deleteDirectory(part);
      }
    }
  }

  /** Mends what a process left that was killed between two renames. */
  private static void restore(Path earlier, Path directory) throws IOException {
    if (!Files.exists(earlier)) {
      return;
    }
    if (Files.exists(directory)) {
      PathUtils.deleteDirectory(earlier);
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
