package dev.retrain.dataset;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files of equal content, which a training must not meet in two partitions: what is learnt, or
 * chosen by, tells nothing when it is tested.
 */
public final class DuplicateGroups {
  private DuplicateGroups() {}

  /**
   * Which partition uses a content first.
   *
   * @param images files with the partitions of their names
   * @param hashes the hash of each file's content; files without one are passed over
   */
  public static Map<ContentHash, Partition> first(
      List<LabeledImage> images, Map<Path, ContentHash> hashes) {
    Map<ContentHash, Partition> first = new HashMap<>();
    for (LabeledImage image : images) {
      ContentHash hash = hashes.get(image.path());
      if (hash != null) {
        first.merge(hash, image.partition(), Partition::sooner);
      }
    }
    return first;
  }

  /**
   * Lets every file go with the first of its content.
   *
   * @param images files with the partitions of their names
   * @param hashes the hash of each file's content; a file without one stays where it is
   * @return the same files in the same order
   */
  public static List<LabeledImage> together(
      List<LabeledImage> images, Map<Path, ContentHash> hashes) {
    Map<ContentHash, Partition> first = first(images, hashes);
    return images.stream()
        .map(
            image ->
                Optional.ofNullable(hashes.get(image.path()))
                    .map(hash -> image.in(first.get(hash)))
                    .orElse(image))
        .toList();
  }
}
