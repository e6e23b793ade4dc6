package dev.retrain.job.sweep;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.retrain.finetune.FineTuneOptions;
import dev.retrain.finetune.layers.FineTuneLayers;
import dev.retrain.image.Preprocessing;

/**
 * How a network is fine-tuned, as it is stored in a run's record: with the same data and the same
 * training of the head, equal records give the same network. The seed is that of the head.
 *
 * @param layers the layers that are trained
 * @param height height of the images in pixels
 * @param width width of the images in pixels
 * @param epochs passes over the training images
 * @param batchSize images of a batch
 * @param accumulate batches of an update
 * @param learningRate largest learning rate
 * @param schedule how the learning rate changes
 * @param optimizer the optimizer
 * @param weightDecay decoupled weight decay
 * @param labelSmoothing share of each label that is spread over all classes
 * @param averageDecay decay of the moving average of the weights
 * @param clipNorm largest norm of the gradients; 0 for no limit
 * @param layerDecay factor of the learning rate from each layer to the one before it
 * @param earlyStopping epochs without improvement; null, and absent in JSON, for no early stop
 * @param distortions how training images are distorted
 */
record FineTuneRecord(
    String layers,
    int height,
    int width,
    int epochs,
    int batchSize,
    int accumulate,
    double learningRate,
    String schedule,
    String optimizer,
    double weightDecay,
    double labelSmoothing,
    double averageDecay,
    double clipNorm,
    double layerDecay,
    @JsonInclude(JsonInclude.Include.NON_NULL) Integer earlyStopping,
    String distortions) {
  /**
   * @param size the size of the images
   */
  static FineTuneRecord from(FineTuneLayers layers, Preprocessing size, FineTuneOptions options) {
    return new FineTuneRecord(
        layers.toString(),
        size.height(),
        size.width(),
        options.epochs(),
        options.batchSize(),
        options.accumulate(),
        options.learningRate(),
        options.schedule().toString(),
        options.optimizer().toString(),
        options.weightDecay(),
        options.labelSmoothing(),
        options.averageDecay(),
        options.clipNorm(),
        options.layerDecay(),
        options.earlyStop().isPresent() ? options.earlyStop().getAsInt() : null,
        options.distortions().toString());
  }
}
