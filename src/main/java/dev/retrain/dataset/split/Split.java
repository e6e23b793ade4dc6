package dev.retrain.dataset.split;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.LabeledImage;
import java.util.List;

/**
 * Images with their partitions, as {@link Splitter} assigns them.
 *
 * @param images the images with their partitions, in the order of the files that were split
 * @param excluded copies ({@link NohashCopies}) of validation, test and unreadable images, which
 *     are not used
 * @param notices a sentence for each image that was moved to fill an empty partition
 */
public record Split(List<LabeledImage> images, List<ImageFile> excluded, List<String> notices) {
  public Split {
    images = List.copyOf(images);
    excluded = List.copyOf(excluded);
    notices = List.copyOf(notices);
  }
}
