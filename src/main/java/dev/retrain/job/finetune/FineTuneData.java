package dev.retrain.job.finetune;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.finetune.FineTuneOptions;
import dev.retrain.finetune.image.ImageTargets;
import dev.retrain.job.data.TrainingData;
import dev.retrain.training.weight.ClassWeights;
import dev.retrain.training.weight.ExampleWeights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a network is fine-tuned on, and how.
 *
 * @param data the images
 * @param options the options for this number of images
 * @param targets what is learned of each image
 */
record FineTuneData(TrainingData data, FineTuneOptions options, ImageTargets targets) {
  /**
   * @param data the images
   * @param settings how the network is fine-tuned
   * @param classWeights weights of the classes in the loss
   */
  static FineTuneData of(TrainingData data, FineTuneSettings settings, ClassWeights classWeights) {
    Vectors images = data.vectors().training();
    FineTuneOptions options = settings.options().apply(images.count());
    return new FineTuneData(
        data,
        options,
        new ImageTargets(
            IntStream.range(0, images.count()).mapToObj(images::labels).toArray(int[][]::new),
            data.labels().size(),
            data.objective(),
            options.labelSmoothing(),
            ExampleWeights.compute(classWeights, data.labels(), images)));
  }

  /** What a checkpoint must agree with, besides the options and the network. */
  Map<String, String> identity() {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("the checksum of the images", data.origin().fingerprint());
    identity.put(
        "the checksum of the weights",
        targets
            .weights()
            .map(weights -> Integer.toHexString(Arrays.hashCode(weights)))
            .orElse("equal"));
    return identity;
  }
}
