package dev.retrain.dataset.split;

import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files of equal content, which must not be in different partitions: an image that is both a
 * training and a test image is data leakage. The same holds for files of one group, so files that
 * are connected by equal contents and groups stay together.
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
    for (LabeledImage image : mergePartitions(images, hashes)) {
      ContentHash hash = hashes.get(image.path());
      if (hash != null) {
        earliest.put(hash, image.partition());
      }
    }
    return earliest;
  }

  /**
   * Moves all images that are connected by equal contents or groups to the earliest of their
   * partitions.
   *
   * @param images images with the partitions that their names determine
   * @param hashes the content hash by path; an image without one is connected by its group only
   * @return the same images in the same order
   */
  public static List<LabeledImage> mergePartitions(
      List<LabeledImage> images, Map<Path, ContentHash> hashes) {
    Components<Object> components = new Components<>();
    for (LabeledImage image : images) {
      ContentHash hash = hashes.get(image.path());
      if (hash != null) {
        image.hints().group().ifPresent(group -> components.join(group, hash));
      }
    }
    Map<Object, Partition> earliest = new HashMap<>();
    for (LabeledImage image : images) {
      key(image, hashes)
          .ifPresent(
              key -> earliest.merge(components.find(key), image.partition(), Partition::earliest));
    }
    return images.stream()
        .map(
            image ->
                key(image, hashes)
                    .map(key -> image.withPartition(earliest.get(components.find(key))))
                    .orElse(image))
        .toList();
  }

  private static Optional<Object> key(LabeledImage image, Map<Path, ContentHash> hashes) {
    Optional<Object> group = image.hints().group().map(name -> name);
    return group.or(() -> Optional.ofNullable(hashes.get(image.path())));
  }
}
