package dev.retrain.training;

/**
 * What keeps the layers from following the noise of their batches and learning few images by heart.
 * retrain.py did none of it.
 *
 * @param standardize whether the vectors' components are brought to mean 0 and deviation 1 over the
 *     training images first, and the first layer folded back; default true
 * @param l2 strength of a penalty on large weights, {@code l2 / (2 * images) * sum(weights^2)}, at
 *     least 0 (none); default 100, which is a Gaussian prior of deviation 0.1 on each weight,
 *     however many images there are
 * @param averageDecay how much of the running average of the weights an update keeps, at least 0
 *     (no average: the last weights) and below 1; default 0.9995
 * @param weightDecay share of the weights, times the learning rate, that an update takes off them
 *     beside what the gradient says (I. Loshchilov and F. Hutter, Decoupled Weight Decay
 *     Regularization, 2019), at least 0; biases are left alone; default 0
 * @param labelSmoothing share of each label that is spread evenly over all classes, at least 0 and
 *     below 1; what is learnt from, while the losses that are told are of the labels as they are;
 *     default 0
 * @param dropout share of a hidden layer's outputs that an update leaves out, at least 0 and below
 *     1; the others are made larger by as much (N. Srivastava et al., 2014); default 0
 */
public record Regularization(
    boolean standardize,
    double l2,
    double averageDecay,
    double weightDecay,
    double labelSmoothing,
    double dropout) {
  /** The defaults named above. */
  public static final Regularization DEFAULT = new Regularization(true, 100, 0.9995);

  /** As retrain.py. */
  public static final Regularization NONE = new Regularization(false, 0, 0);

  /** Checks the ranges. */
  public Regularization {
    atLeastZero("l2", l2);
    share("average decay", averageDecay);
    atLeastZero("weight decay", weightDecay);
    share("label smoothing", labelSmoothing);
    share("dropout", dropout);
  }

  /** Without weight decay, label smoothing and dropout. */
  public Regularization(boolean standardize, double l2, double averageDecay) {
    this(standardize, l2, averageDecay, 0, 0, 0);
  }

  private static void atLeastZero(String name, double value) {
    if (!(value >= 0) || !Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be at least 0, but is " + value);
    }
  }

  private static void share(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must be at least 0 and below 1, but is " + value);
    }
  }
}
