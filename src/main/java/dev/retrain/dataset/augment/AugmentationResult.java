package dev.retrain.dataset.augment;

import dev.retrain.image.SkippedFile;
import java.util.List;

/**
 * The result of an offline augmentation.
 *
 * @param perClass minimum number of images per class now
 * @param kept number of copies that existed before
 * @param added number of new copies
 * @param skipped unreadable images, which have no copies
 */
public record AugmentationResult(int perClass, int kept, int added, List<SkippedFile> skipped) {
  public AugmentationResult {
    skipped = List.copyOf(skipped);
  }
}
