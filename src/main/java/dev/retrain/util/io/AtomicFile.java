package dev.retrain.util.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes files that are either whole or not there. */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the content of a file to a stream; the stream is closed by the caller. */
  @FunctionalInterface
  public interface Content {
    /**
     * @param out where the bytes go
     * @throws IOException where the writing fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file under a temporary name beside the target, forces it to disk and renames it.
   *
   * @param target the file; an earlier one is replaced
   * @param content its bytes
   * @throws IOException where that fails; then the target is as it was
   */
  public static void write(Path target, Content content) throws IOException {
    Path directory = target.toAbsolutePath().getParent();
    Directories.make(directory);
    // Not Files.createTempFile: its files stay private to the user.
    Path temporary =
        directory.resolve(
            "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      try (OutputStream out = Files.newOutputStream(temporary)) {
        content.writeTo(out);
      }
      force(temporary);
      move(temporary, target);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * {@link #write(Path, Content)} of bytes at hand.
   *
   * @param target the file; an earlier one is replaced
   * @param content its bytes
   * @throws IOException where that fails; then the target is as it was
   */
  public static void write(Path target, byte[] content) throws IOException {
    write(target, out -> out.write(content));
  }

  /** Lets a file's bytes reach the disk. */
  static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /**
   * Renames a file that is whole.
   *
   * @param from its name so far
   * @param to its new name, in the same directory; an earlier file is replaced
   * @throws IOException where that fails
   */
  public static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
