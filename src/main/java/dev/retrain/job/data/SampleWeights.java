package dev.retrain.job.data;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.List;
import java.util.Optional;

/** The weights of images in the training. */
public final class SampleWeights {
  private SampleWeights() {}

  /**
   * Rejects images of different weights, because the training does not use weights.
   *
   * @throws RetrainException if two weights differ
   */
  public static void refuse(ImageFolder folder) {
    List<ImageFile> files = folder.files();
    for (ImageFile file : files) {
      if (file.hints().weight() != files.get(0).hints().weight()) {
        throw new RetrainException(
            "%s has a column of weights, but the training does not support weights; set %s to '' to"
                + " train without them.",
            folder.origin().path(), Setting.WEIGHT_COLUMN);
      }
    }
  }

  /**
   * The weights of the training vectors, normalized to mean 1.
   *
   * @param images the images of all sets
   * @param repetitions how often the training images follow each other, such as with variants
   * @return empty if all weights are equal
   */
  static Optional<float[]> training(List<LabeledImage> images, int repetitions) {
    double[] weights =
        images.stream()
            .filter(image -> image.partition() == Partition.TRAINING)
            .mapToDouble(image -> image.hints().weight())
            .toArray();
    double sum = 0;
    boolean equal = true;
    for (double weight : weights) {
      sum += weight;
      equal &= weight == weights[0];
    }
    if (equal) {
      return Optional.empty();
    }
    float[] normalized = new float[weights.length * repetitions];
    for (int i = 0; i < normalized.length; i++) {
      normalized[i] = (float) (weights[i % weights.length] * weights.length / sum);
    }
    return Optional.of(normalized);
  }
}
