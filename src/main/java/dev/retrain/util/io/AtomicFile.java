package dev.retrain.util.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes files that are complete or absent. */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the content of a file to a stream, which the caller closes. */
  @FunctionalInterface
  public interface Content {
    /**
     * @throws IOException if writing fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file with a temporary name in the target's directory, forces it to disk and renames
   * it.
   *
   * @param target the file; an existing one is replaced
   * @param content writes the bytes
   * @throws IOException if that fails; then the target is unchanged
   */
  public static void write(Path target, Content content) throws IOException {
    try (PendingFile file = PendingFile.write(target, content::writeTo)) {
      file.publish();
    }
  }

  /**
   * Writes an array like {@link #write(Path, Content)}.
   *
   * @param target the file; an existing one is replaced
   * @param content the bytes
   * @throws IOException if that fails; then the target is unchanged
   */
  public static void write(Path target, byte[] content) throws IOException {
    write(target, out -> out.write(content));
  }

  /**
   * Writes several files that belong together: all of them are written and forced to disk before
   * the first one is renamed, so that a full disk leaves all of them as they were.
   *
   * @param contents the files with their bytes, in the order in which they are renamed
   * @throws IOException if that fails; then all targets are unchanged, unless a renaming fails
   */
  public static void writeAll(List<Map.Entry<Path, byte[]>> contents) throws IOException {
    List<PendingFile> written = new ArrayList<>();
    try {
      for (Map.Entry<Path, byte[]> entry : contents) {
        byte[] bytes = entry.getValue();
        written.add(PendingFile.write(entry.getKey(), out -> out.write(bytes)));
      }
      for (PendingFile file : written) {
        file.publish();
      }
    } finally {
      for (PendingFile file : written) {
        file.close();
      }
    }
  }

  /** Forces a file to disk. */
  static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /**
   * Renames a file, atomically if the file system supports it.
   *
   * @param from the old name
   * @param to the new name in the same directory; an existing file is replaced
   * @throws IOException if that fails
   */
  public static void move(Path from, Path to) throws IOException {
    PendingFile.move(from, to);
  }
}
