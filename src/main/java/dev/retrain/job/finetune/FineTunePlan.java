package dev.retrain.job.finetune;

import dev.retrain.backbone.Backbone;
import dev.retrain.finetune.FineTuneOptions;
import dev.retrain.finetune.layers.FineTuneEstimate;
import dev.retrain.finetune.layers.FineTuneNetwork;
import dev.retrain.image.Preprocessing;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a fine-tuning would do, and what it would cost.
 *
 * @param cost parameters and memory
 * @param size the size of the images
 * @param options how it would train
 * @param images number of training images
 * @param imagesPerSecond measured on a short sample; absent if no image of the sample can be read
 */
public record FineTunePlan(
    FineTuneEstimate cost,
    Preprocessing size,
    FineTuneOptions options,
    int images,
    OptionalDouble imagesPerSecond) {
  /**
   * Plans a fine-tuning, and trains for a few updates to measure its speed.
   *
   * @param backbone the backbone, at the size at which it is trained
   * @param settings how it would be fine-tuned
   * @param images number of training images
   * @param sample some image files; those that can't be decoded are not used
   * @throws dev.retrain.util.RetrainException if the network can't be trained
   * @throws IOException if a file can't be written
   */
  public static FineTunePlan create(
      Backbone backbone,
      FineTuneSettings settings,
      int images,
      List<Path> sample,
      Progress progress)
      throws IOException {
    FineTuneNetwork network = FineTuneNetwork.prepare(backbone, settings.layers());
    FineTuneOptions options = settings.options().apply(images);
    return new FineTunePlan(
        FineTuneEstimate.of(network, Math.min(images, options.batchSize())),
        backbone.preprocessing(),
        options,
        images,
        FineTuneProbe.imagesPerSecond(network, backbone, options.distortions(), sample, progress));
  }

  /** Expected time of an epoch, without its evaluation; absent if it is unknown. */
  public OptionalDouble secondsPerEpoch() {
    return imagesPerSecond.isPresent()
        ? OptionalDouble.of(images / imagesPerSecond.getAsDouble())
        : OptionalDouble.empty();
  }
}
