package dev.retrain.util.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Files that can be read to their end: a pipe or a device could keep a reader waiting for ever. */
public final class RegularFile {
  private RegularFile() {}

  /**
   * Looks at a file, or at what a link leads to.
   *
   * @throws FileSystemException where it is a pipe, a socket or a device
   * @throws IOException where it can't be looked at
   */
  public static BasicFileAttributes attributes(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (attributes.isOther()) {
      throw new FileSystemException(file.toString(), null, "a pipe, a socket or a device");
    }
    return attributes;
  }

  /**
   * Reads a file whole.
   *
   * @throws FileSystemException where it is a pipe, a socket or a device
   * @throws IOException where it can't be read
   */
  public static byte[] read(Path file) throws IOException {
    attributes(file);
    return Files.readAllBytes(file);
  }
}
