package dev.retrain.training;

/**
 * What a head predicts of an image, which determines its last activation, its loss and its metric.
 */
public enum Objective {
  /**
   * Exactly one class per image: softmax, categorical cross-entropy, accuracy. The probabilities of
   * an image sum to 1.
   */
  SINGLE_LABEL("accuracy", "cross_entropy"),

  /**
   * Any number of classes per image: sigmoid, binary cross-entropy as the mean over images and
   * classes, mean average precision. The probabilities of an image are independent of each other.
   */
  MULTI_LABEL("mean_average_precision", "binary_cross_entropy");

  private final String metricName;
  private final String lossName;

  Objective(String metricName, String lossName) {
    this.metricName = metricName;
    this.lossName = lossName;
  }

  /** Name of the metric by which evaluations are compared, as a tag of TensorBoard. */
  public String metricName() {
    return metricName;
  }

  /** Name of the loss, as a tag of TensorBoard. */
  public String lossName() {
    return lossName;
  }

  /**
   * Number of terms that the loss of one image is the mean of. The L2 penalty is divided by it, so
   * that it is the same prior on each weight for every objective.
   *
   * @param classes number of classes
   */
  public int termsPerImage(int classes) {
    return this == MULTI_LABEL ? classes : 1;
  }
}
