package dev.retrain.finetune;

import dev.retrain.finetune.graph.FineTuneOptimizer;
import dev.retrain.finetune.image.ImageDistortions;

/**
 * How a network is fine-tuned.
 *
 * @param epochs passes over the training images, at least 1
 * @param batchSize images per update, at least 2
 * @param learningRate largest learning rate, above 0
 * @param schedule how it changes
 * @param warmup updates during which it rises from 0, at least 0; at most a fifth of all updates
 *     are used
 * @param optimizer the optimizer
 * @param weightDecay decoupled weight decay, at least 0
 * @param labelSmoothing fraction of each label that is distributed evenly over all classes, at
 *     least 0 and below 1
 * @param clipNorm largest norm of all gradients together; 0 for no limit
 * @param layerDecay factor of the learning rate from each layer to the one before it, above 0 and
 *     at most 1
 * @param distortions how training images are distorted
 * @param seed seed of all random numbers
 */
public record FineTuneOptions(
    int epochs,
    int batchSize,
    double learningRate,
    Schedule schedule,
    int warmup,
    FineTuneOptimizer optimizer,
    double weightDecay,
    double labelSmoothing,
    double clipNorm,
    double layerDecay,
    ImageDistortions distortions,
    long seed) {
  /** How the learning rate changes after the warm-up. */
  public enum Schedule {
    /** To 0 along half a cosine. */
    COSINE,
    /** Not at all. */
    CONSTANT
  }

  /**
   * The defaults: AdamW at 0.002 with batches of 128, 200 updates of warm-up, a cosine to 0, weight
   * decay 1e-4, label smoothing 0.1.
   */
  public static FineTuneOptions defaults(int epochs) {
    return new FineTuneOptions(
        epochs,
        128,
        2e-3,
        Schedule.COSINE,
        200,
        new FineTuneOptimizer.AdamW(),
        1e-4,
        0.1,
        0,
        1,
        ImageDistortions.DEFAULT,
        1);
  }

  /**
   * Epochs for a number of training images: 30 for 500 or fewer, 7 for 45,000 or more, and
   * geometrically between.
   */
  public static int defaultEpochs(int images) {
    double position = Math.log(Math.max(images, 500) / 500.0) / Math.log(90);
    return (int) Math.round(30 * Math.pow(7.0 / 30, Math.min(1, position)));
  }

  /**
   * The learning rate of an update.
   *
   * @param step index of the update, from 0
   * @param steps number of all updates
   */
  float rate(int step, int steps) {
    int rising = Math.min(warmup, steps / 5);
    if (step < rising) {
      return (float) (learningRate * (step + 1) / rising);
    }
    double done = (double) (step - rising) / Math.max(1, steps - rising);
    return (float)
        (schedule == Schedule.CONSTANT
            ? learningRate
            : learningRate * (1 + Math.cos(Math.PI * done)) / 2);
  }
}
