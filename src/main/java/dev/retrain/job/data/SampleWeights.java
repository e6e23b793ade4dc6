package dev.retrain.job.data;

import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.dataset.LabeledImage;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The weights that a manifest gives to images in the training. */
final class SampleWeights {
  private SampleWeights() {}

  /** Gives vectors the weights of their images; unchanged where all weights are 1. */
  static PartitionedVectors apply(PartitionedVectors vectors, List<LabeledImage> images) {
    Map<Path, Float> weights = new HashMap<>();
    for (LabeledImage image : images) {
      if (image.hints().weight() != 1) {
        weights.put(image.path(), image.hints().weight());
      }
    }
    return weights.isEmpty() ? vectors : vectors.weighted(weights);
  }
}
