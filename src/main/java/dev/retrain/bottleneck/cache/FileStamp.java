package dev.retrain.bottleneck.cache;

import dev.retrain.util.io.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Size, times and inode of a file, by which an unchanged file is recognized without reading it.
 *
 * <p>Size and modification time alone can be equal for files of different content: archives,
 * container images and git-annex set fixed times. The change time can't be set by a program, and
 * the file system sets it whenever the content, the attributes or the name changes.
 *
 * @param size bytes
 * @param modified last modification in nanoseconds since 1970, as exact as the file system stores
 *     it
 * @param inode the inode; absent if the file system has none, or if the file had changed just
 *     before it was read
 */
public record FileStamp(long size, long modified, Optional<Inode> inode) {
  /** The file system sets times from a clock that advances in steps of up to 10 ms. */
  private static final Duration CLOCK_STEP = Duration.ofMillis(20);

  /** Some file systems, above all of networks, store times in seconds, FAT in two seconds. */
  private static final Duration COARSE_STEP = Duration.ofSeconds(3);

  /**
   * A Unix file's inode. The device is not included, because its number can change when a disk is
   * mounted again.
   *
   * @param number the inode number
   * @param changed last change of the content, the attributes or the name, in nanoseconds since
   *     1970
   */
  public record Inode(long number, long changed) {

    /** Whether a change now could have the same time as the last one. */
    boolean mayChangeUnnoticed(Instant now) {
      boolean coarse = changed % TimeUnit.SECONDS.toNanos(1) == 0;
      return TimeUnit.NANOSECONDS.toMillis(changed)
          >= now.minus(coarse ? COARSE_STEP : CLOCK_STEP).toEpochMilli();
    }
  }

  /** A stamp without an inode. */
  public FileStamp(long size, long modified) {
    this(size, modified, Optional.empty());
  }

  /**
   * Reads a file's stamp.
   *
   * @throws IOException if the file can't be read, or is not a regular file
   */
  public static FileStamp read(Path file) throws IOException {
    Map<String, Object> attributes = RegularFile.attributeMap(file);
    return new FileStamp(
        (long) attributes.get("size"),
        nanos(attributes.get("lastModifiedTime")),
        attributes.containsKey("ino")
            ? Optional.of(new Inode((long) attributes.get("ino"), nanos(attributes.get("ctime"))))
            : Optional.empty());
  }

  private static long nanos(Object time) {
    return ((FileTime) time).to(TimeUnit.NANOSECONDS);
  }

  /**
   * Reads the stamp of a file whose content is read next. Call it before reading the content, so
   * that a change in between is detected next time.
   *
   * <p>If the file changed a moment ago, another change could have the same time. The stamp then
   * has no inode, so it does not match next time, and the content is read again.
   *
   * @throws IOException if the file can't be read, or is not a regular file
   */
  public static FileStamp readBeforeContent(Path file) throws IOException {
    Instant now = Instant.now();
    FileStamp stamp = read(file);
    return stamp.inode().filter(inode -> inode.mayChangeUnnoticed(now)).isPresent()
        ? new FileStamp(stamp.size(), stamp.modified())
        : stamp;
  }

  /** Whether a file still has this stamp; false if it can't be read. */
  public boolean matches(Path file) {
    try {
      return equals(read(file));
    } catch (IOException e) {
      return false;
    }
  }
}
