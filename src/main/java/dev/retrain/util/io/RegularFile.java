package dev.retrain.util.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/** Reads files other than pipes, sockets and devices, which could block forever. */
public final class RegularFile {
  private static final String BASIC = "isOther,size,lastModifiedTime";
  private static final String UNIX = "unix:" + BASIC + ",ctime,ino";

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
      throw special(file);
    }
    return attributes;
  }

  /**
   * Reads size, modification time and, on Unix, change time and inode number in one call.
   *
   * @return {@code size} (long), {@code lastModifiedTime} (FileTime) and, if the file system has
   *     them, {@code ctime} (FileTime) and {@code ino} (long)
   * @throws FileSystemException if it is a pipe, a socket or a device
   * @throws IOException if the attributes can't be read
   */
  public static Map<String, Object> attributeMap(Path file) throws IOException {
    boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
    Map<String, Object> attributes = Files.readAttributes(file, unix ? UNIX : BASIC);
    if ((boolean) attributes.get("isOther")) {
      throw special(file);
    }
    return attributes;
  }

  private static FileSystemException special(Path file) {
    return new FileSystemException(file.toString(), null, "a pipe, a socket or a device");
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
