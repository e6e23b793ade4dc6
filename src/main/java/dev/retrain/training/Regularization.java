package dev.retrain.training;

import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Setting;

/**
 * Measures against overfitting and against noise in the updates. retrain.py had none of them.
 *
 * @param standardize whether each component of the vectors is scaled to mean 0 and standard
 *     deviation 1 over the training images; the scaling is folded into the first layer, so the
 *     trained head accepts vectors without scaling; default true
 * @param l2 strength of the L2 penalty, which adds {@code l2 / (2 * images) * sum(weights^2)} to
 *     the loss, finite and at least 0 (no penalty); default 100, which corresponds to a Gaussian
 *     prior with standard deviation 0.1 on each weight, whatever the number of images
 * @param averageDecay decay of the exponential moving average of the weights, at least 0 (no
 *     average: the last weights are used) and below 1; default 0.9995
 * @param weightDecay decoupled weight decay: each update also subtracts this fraction of the
 *     weights, times the learning rate (I. Loshchilov and F. Hutter, Decoupled Weight Decay
 *     Regularization, 2019); finite and at least 0; biases do not decay; default 0
 * @param labelSmoothing fraction of each label that is distributed evenly over all classes, at
 *     least 0 and below 1; the reported losses use the labels without smoothing; default 0
 * @param dropout fraction of a hidden layer's outputs that each update sets to zero, at least 0 and
 *     below 1; the other outputs are scaled by {@code 1 / (1 - dropout)} (N. Srivastava et al.,
 *     2014); default 0
 */
public record Regularization(
    boolean standardize,
    double l2,
    double averageDecay,
    double weightDecay,
    double labelSmoothing,
    double dropout) {
  /** The defaults listed above. */
  public static final Regularization DEFAULT = builder().build();

  /** No regularization, as in retrain.py. */
  public static final Regularization NONE =
      builder().standardize(false).l2(0).averageDecay(0).build();

  /**
   * @throws InvalidSettingException if a value is out of range
   */
  public Regularization {
    Ranges.checkNonNegative(Setting.L2, l2);
    Ranges.checkFraction(Setting.MOVING_AVERAGE_DECAY, averageDecay);
    Ranges.checkNonNegative(Setting.WEIGHT_DECAY, weightDecay);
    Ranges.checkFraction(Setting.LABEL_SMOOTHING, labelSmoothing);
    Ranges.checkFraction(Setting.DROPOUT, dropout);
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    return new Builder()
        .standardize(standardize)
        .l2(l2)
        .averageDecay(averageDecay)
        .weightDecay(weightDecay)
        .labelSmoothing(labelSmoothing)
        .dropout(dropout);
  }

  /** Sets the values of a {@link Regularization}; its components are documented there. */
  public static final class Builder {
    private boolean standardize = true;
    private double l2 = 100;
    private double averageDecay = 0.9995;
    private double weightDecay;
    private double labelSmoothing;
    private double dropout;

    private Builder() {}

    public Builder standardize(boolean value) {
      standardize = value;
      return this;
    }

    public Builder l2(double value) {
      l2 = value;
      return this;
    }

    public Builder averageDecay(double value) {
      averageDecay = value;
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

    public Builder dropout(double value) {
      dropout = value;
      return this;
    }

    /**
     * @throws InvalidSettingException if a value is out of range
     */
    public Regularization build() {
      return new Regularization(
          standardize, l2, averageDecay, weightDecay, labelSmoothing, dropout);
    }
  }
}
