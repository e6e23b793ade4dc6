package dev.retrain.dataset.cifar;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/**
 * The result of writing CIFAR-10's images.
 *
 * @param images number of images in the archive, all of which now exist as files
 * @param bytes total size of these files, without the second directory
 * @param written number of images that were missing or had different content
 * @param restored files of either directory that had different content
 * @param linked number of images linked into the second directory
 * @param copied number of images copied to the second directory, because its file system does not
 *     support hard links
 */
public record CifarResult(
    int images, long bytes, int written, List<Path> restored, int linked, int copied) {
  public CifarResult {
    restored = List.copyOf(restored);
  }

  /**
   * @param sizes size of each image in bytes, by name
   */
  static CifarResult of(
      SortedMap<String, Long> sizes, int written, List<Path> restored, int linked, int copied) {
    long bytes = sizes.values().stream().mapToLong(Long::longValue).sum();
    return new CifarResult(sizes.size(), bytes, written, restored, linked, copied);
  }

  /** Number of images that already existed. */
  public int alreadyThere() {
    return images - written;
  }

  /** Whether every file already existed. */
  public boolean nothingDone() {
    return written == 0 && linked == 0 && copied == 0;
  }
}
