package dev.retrain.dataset.cifar;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/**
 * What is in the directories now, and what had to be done for it.
 *
 * @param images how many the archive holds; all of them are there
 * @param bytes the size of their files, all together
 * @param written those that were not there, or not as they should be
 * @param restored the files, in both directories, whose content was not the image's and is now
 * @param linked images that were given a second name in the second directory
 * @param copied images that were copied there, because its file system has no such names
 */
public record CifarResult(
    int images, long bytes, int written, List<Path> restored, int linked, int copied) {
  /** Copies the list. */
  public CifarResult {
    restored = List.copyOf(restored);
  }

  /**
   * @param sizes bytes of each image, by name
   */
  static CifarResult of(
      SortedMap<String, Long> sizes, int written, List<Path> restored, int linked, int copied) {
    long bytes = sizes.values().stream().mapToLong(Long::longValue).sum();
    return new CifarResult(sizes.size(), bytes, written, restored, linked, copied);
  }

  /** How many images were there already. */
  public int alreadyThere() {
    return images - written;
  }

  /** Whether all was there already. */
  public boolean nothingDone() {
    return written == 0 && linked == 0 && copied == 0;
  }
}
