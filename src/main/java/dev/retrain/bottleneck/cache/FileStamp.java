package dev.retrain.bottleneck.cache;

import dev.retrain.util.io.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * Size and modification time of a file, by which an unchanged file is recognized without reading
 * it.
 *
 * @param size bytes
 * @param modified last modification in nanoseconds since 1970, as exact as the file system stores
 *     it
 */
public record FileStamp(long size, long modified) {
  /**
   * @throws IOException if the file can't be read, or is not a regular file
   */
  public static FileStamp read(Path file) throws IOException {
    BasicFileAttributes attributes = RegularFile.attributes(file);
    return new FileStamp(attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
  }

  /** Whether a file has this size and time; false if it can't be read. */
  public boolean matches(Path file) {
    try {
      return equals(read(file));
    } catch (IOException e) {
      return false;
    }
  }
}
