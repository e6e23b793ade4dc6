package dev.retrain.work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
   * Writes a directory under a temporary name beside the target, and renames it.
   *
   * @param target the directory; an earlier one is removed once the new one is whole
   * @param content what is in it
   * @throws IOException where that fails; then an earlier directory is there still
   */
  public static void write(Path target, Content content) throws IOException {
    boolean replaces = Files.exists(target);
    // Through links: what they point to is replaced, and they stay.
    Path directory = replaces ? target.toRealPath() : target.toAbsolutePath();
    Path parent = Directories.make(directory.getParent());
    String hidden = ".%s.%d.".formatted(directory.getFileName(), ProcessHandle.current().pid());
    Path part = parent.resolve(hidden + "part");
    Path earlier = parent.resolve(hidden + "earlier");
    try {
      content.writeTo(Files.createDirectory(part));
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
}
