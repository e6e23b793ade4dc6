package dev.retrain.bottleneck.cache;

import dev.retrain.util.io.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * What tells an unchanged file without reading it.
 *
 * @param size bytes
 * @param modified last change, in nanoseconds since 1970 as far as the file system counts them
 */
public record FileStamp(long size, long modified) {
  public static FileStamp read(Path file) throws IOException {
    BasicFileAttributes attributes = RegularFile.attributes(file);
    return new FileStamp(attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
  }

  /** Whether a file has this size and time; one that can't be looked at has not. */
  public boolean isOf(Path file) {
    try {
      return equals(read(file));
    } catch (IOException e) {
      return false;
    }
  }
}
