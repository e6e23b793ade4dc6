package dev.retrain.finetune;

import dev.retrain.finetune.graph.FineTuneOptimizer;
import dev.retrain.finetune.image.ImageDistortions;
import dev.retrain.training.Ranges;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How a network is fine-tuned.
 *
 * @param epochs passes over the training images, 1 to 10,000; the default depends on their number,
 *     see {@link #defaultEpochs}
 * @param batchSize largest number of images that are computed together, and by whose moments
 *     activations are normalized, at least 2; default 128
 * @param accumulate number of batches of an update, whose mean gradient is used, at least 1;
 *     default 1. It replaces large batches that do not fit into memory, except for the moments
 * @param learningRate largest learning rate, finite and above 0; default 0.002 for updates with 128
 *     or more images, and in proportion for fewer
 * @param schedule how the learning rate changes; default a cosine with 200 updates of warm-up
 * @param optimizer the optimizer; default AdamW
 * @param weightDecay decoupled weight decay, finite and at least 0: each update also subtracts this
 *     fraction of the weights, times the learning rate. Biases, depthwise kernels and
 *     normalizations do not decay. Default 1e-4
 * @param labelSmoothing fraction of each label that is distributed evenly over all classes or, if
 *     images may have several classes, over presence and absence of each; at least 0 and below 1;
 *     default 0.1
 * @param averageDecay decay of the exponential moving average of the weights, which is evaluated
 *     and exported, at least 0 (no average: the last weights are used) and below 1; default 0
 * @param clipNorm largest norm of all gradients together, finite and at least 0; default 0, no
 *     limit
 * @param layerDecay factor of the learning rate from each layer to the one before it, above 0 and
 *     at most 1; a convolution or a dense layer with its bias and its normalization is a layer, and
 *     the head is the last one. In a network with branches, it is applied once for each layer on
 *     the longest path to the head. Default 1
 * @param earlyStop number of epochs without a higher validation metric after which the training
 *     stops, at least 1; if absent, the default, it never stops early
 * @param distortions how training images are distorted
 * @param seed seed of all random numbers; default 1
 */
public record FineTuneOptions(
    int epochs,
    int batchSize,
    int accumulate,
    double learningRate,
    FineTuneSchedule schedule,
    FineTuneOptimizer optimizer,
    double weightDecay,
    double labelSmoothing,
    double averageDecay,
    double clipNorm,
    double layerDecay,
    OptionalInt earlyStop,
    ImageDistortions distortions,
    long seed) {
  private static final int MAX_EPOCHS = 10_000;
  private static final int BATCH = 128;
  private static final double RATE = 2e-3;

  /**
   * @throws InvalidSettingException if a value is out of range
   */
  public FineTuneOptions {
    if (epochs < 1 || epochs > MAX_EPOCHS) {
      throw new InvalidSettingException(
          Setting.FINE_TUNE_EPOCHS, "must be from 1 to %,d, but is %d", MAX_EPOCHS, epochs);
    }
    if (batchSize < 2) {
      throw new InvalidSettingException(
          Setting.FINE_TUNE_BATCH_SIZE, "must be at least 2, but is %d", batchSize);
    }
    Ranges.checkAtLeastOne(Setting.FINE_TUNE_ACCUMULATE, accumulate);
    Ranges.checkPositive(Setting.FINE_TUNE_LEARNING_RATE, learningRate);
    Ranges.checkNonNegative(Setting.FINE_TUNE_WEIGHT_DECAY, weightDecay);
    Ranges.checkFraction(Setting.FINE_TUNE_LABEL_SMOOTHING, labelSmoothing);
    Ranges.checkFraction(Setting.FINE_TUNE_AVERAGE_DECAY, averageDecay);
    Ranges.checkNonNegative(Setting.CLIP_NORM, clipNorm);
    Ranges.checkFactor(Setting.LAYER_DECAY, layerDecay);
    earlyStop.ifPresent(value -> Ranges.checkAtLeastOne(Setting.FINE_TUNE_EARLY_STOPPING, value));
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
   * What the result depends on, with its values as text, so that a training resumes only with the
   * options with which it was started.
   */
  Map<String, String> identity() {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("the number of epochs", Integer.toString(epochs));
    identity.put("the batch size", Integer.toString(batchSize));
    identity.put("the number of batches per update", Integer.toString(accumulate));
    identity.put("the learning rate", Double.toString(learningRate));
    identity.put("the learning-rate schedule", schedule.toString());
    identity.put("the optimizer", optimizer.toString());
    identity.put("the weight decay", Double.toString(weightDecay));
    identity.put("the label smoothing", Double.toString(labelSmoothing));
    identity.put("the moving-average decay", Double.toString(averageDecay));
    identity.put("the largest gradient norm", Double.toString(clipNorm));
    identity.put("the layer decay", Double.toString(layerDecay));
    identity.put(
        "the early-stopping patience",
        earlyStop.isPresent() ? Integer.toString(earlyStop.getAsInt()) : "unlimited");
    identity.put("the choice of distortions", distortions.toString());
    identity.put("the seed", Long.toString(seed));
    return identity;
  }

  /**
   * A builder that starts from the defaults.
   *
   * @param images number of training images
   */
  public static Builder builder(int images) {
    return new Builder(images);
  }

  /** Sets the values of {@link FineTuneOptions}; its components are documented there. */
  public static final class Builder {
    private final int images;
    private int epochs;
    private int batchSize = BATCH;
    private int accumulate = 1;
    private double learningRate = Double.NaN;
    private FineTuneSchedule schedule =
        new FineTuneSchedule.Cosine(FineTuneSchedule.DEFAULT_WARMUP);
    private FineTuneOptimizer optimizer = new FineTuneOptimizer.AdamW();
    private double weightDecay = 1e-4;
    private double labelSmoothing = 0.1;
    private double averageDecay;
    private double clipNorm;
    private double layerDecay = 1;
    private OptionalInt earlyStop = OptionalInt.empty();
    private ImageDistortions distortions = ImageDistortions.DEFAULT;
    private long seed = 1;

    private Builder(int images) {
      this.images = images;
      epochs = defaultEpochs(images);
    }

    public Builder epochs(int value) {
      epochs = value;
      return this;
    }

    public Builder batchSize(int value) {
      batchSize = value;
      return this;
    }

    public Builder accumulate(int value) {
      accumulate = value;
      return this;
    }

    public Builder learningRate(double value) {
      // NaN marks the default here.
      Ranges.checkPositive(Setting.FINE_TUNE_LEARNING_RATE, value);
      learningRate = value;
      return this;
    }

    public Builder schedule(FineTuneSchedule value) {
      schedule = value;
      return this;
    }

    public Builder optimizer(FineTuneOptimizer value) {
      optimizer = value;
      return this;
    }

    public Builder weightDecay(double value) {
      weightDecay = value;
      return this;
    }

    public Builder labelSmoothing(double value) {
      labelSmoothing = value;
      return this;
    }

    public Builder averageDecay(double value) {
      averageDecay = value;
      return this;
    }

    public Builder clipNorm(double value) {
      clipNorm = value;
      return this;
    }

    public Builder layerDecay(double value) {
      layerDecay = value;
      return this;
    }

    public Builder earlyStop(int value) {
      earlyStop = OptionalInt.of(value);
      return this;
    }

    public Builder distortions(ImageDistortions value) {
      distortions = value;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /**
     * @throws InvalidSettingException if a value is out of range
     */
    public FineTuneOptions build() {
      return new FineTuneOptions(
          epochs,
          batchSize,
          accumulate,
          Double.isNaN(learningRate) ? defaultRate() : learningRate,
          schedule,
          optimizer,
          weightDecay,
          labelSmoothing,
          averageDecay,
          clipNorm,
          layerDecay,
          earlyStop,
          distortions,
          seed);
    }

    private double defaultRate() {
      long together = Math.min(images, Math.max(1, (long) batchSize * accumulate));
      return RATE * Math.min(1, Math.max(1, together) / (double) BATCH);
    }
  }
}
