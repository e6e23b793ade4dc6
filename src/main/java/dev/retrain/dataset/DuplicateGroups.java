package dev.retrain.dataset;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files of equal content, which must not be in different partitions: an image that is both a
 * training and a test image is data leakage.
 */
public final class DuplicateGroups {
  private DuplicateGroups() {}

  /**
   * The earliest partition of each content.
   *
   * @param images images with the partitions that their names determine
   * @param hashes the content hash by path; images without one are ignored
   */
  public static Map<ContentHash, Partition> earliestPartitions(
      List<LabeledImage> images, Map<Path, ContentHash> hashes) {
    Map<ContentHash, Partition> earliest = new HashMap<>();
    for (LabeledImage image : images) {
      ContentHash hash = hashes.get(image.path());
      if (hash != null) {
        earliest.merge(hash, image.partition(), Partition::earliest);
      }
    }
    return earliest;
  }

  /**
   * Moves all images of equal content to the earliest of their partitions.
   *
   * @param images images with the partitions that their names determine
   * @param hashes the content hash by path; an image without one stays in its partition
   * @return the same images in the same order
   */
  public static List<LabeledImage> mergePartitions(
      List<LabeledImage> images, Map<Path, ContentHash> hashes) {
    Map<ContentHash, Partition> earliest = earliestPartitions(images, hashes);
    return images.stream()
        .map(
            image ->
                Optional.ofNullable(hashes.get(image.path()))
                    .map(hash -> image.withPartition(earliest.get(hash)))
                    .orElse(image))
        .toList();
  }
}
