package dev.retrain.dataset.augment;

import dev.retrain.image.SkippedFile;
import java.util.List;

/**
 * What an augmentation did.
 *
 * @param perClass images each class has now, or more
 * @param kept copies that were there already
 * @param added copies made
 * @param skipped images that can't be copied, since they can't be read
 */
public record AugmentationResult(int perClass, int kept, int added, List<SkippedFile> skipped) {
  /** Copies the list. */
  public AugmentationResult {
    skipped = List.copyOf(skipped);
  }
}
