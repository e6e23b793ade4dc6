package dev.retrain.job.dataset;

import dev.retrain.image.SkippedFile;
import java.util.List;

/**
 * What an augmentation did.
 *
 * @param classes how many there are
 * @param perClass images each of them has now, or more
 * @param originals images put beside the copies
 * @param kept copies that were there already
 * @param added copies made
 * @param skipped images that can't be read
 */
public record AugmentResult(
    int classes, int perClass, int originals, int kept, int added, List<SkippedFile> skipped) {
  /** Copies the list. */
  public AugmentResult {
    skipped = List.copyOf(skipped);
  }
}
