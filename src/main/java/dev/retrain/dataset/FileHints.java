package dev.retrain.dataset;

import java.util.Optional;

/**
 * What a list of images says of a file besides its class.
 *
 * @param group files of one group are always in the same set; absent if the file has none
 * @param partition the set that the list assigns the file to; absent if the split determines it
 * @param weight weight of the image in the training, above 0; default 1
 */
public record FileHints(Optional<String> group, Optional<Partition> partition, float weight) {
  /** No group, no set, weight 1. */
  public static final FileHints NONE = new FileHints(Optional.empty(), Optional.empty(), 1);

  /** The same with a group. */
  public FileHints withGroup(String other) {
    return new FileHints(Optional.of(other), partition, weight);
  }

  /** The same with a set. */
  public FileHints withPartition(Partition other) {
    return new FileHints(group, Optional.of(other), weight);
  }
}
