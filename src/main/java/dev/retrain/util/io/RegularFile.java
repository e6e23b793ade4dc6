package dev.retrain.util.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Reads files other than pipes, sockets and devices, which could block forever. */
public final class RegularFile {
  private RegularFile() {}

  /**
   * Reads the attributes of a file or of the target of a link.
   *
   * @throws FileSystemException if it is a pipe, a socket or a device
   * @throws IOException if the attributes can't be read
   */
  public static BasicFileAttributes attributes(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (attributes.isOther()) {
      throw new FileSystemException(file.toString(), null, "a pipe, a socket or a device");
    }
    return attributes;
  }

  /**
   * Reads the content of a file.
   *
   * @throws FileSystemException if it is a pipe, a socket or a device
   * @throws IOException if it can't be read
   */
  public static byte[] read(Path file) throws IOException {
    attributes(file);
    return Files.readAllBytes(file);
  }
}
