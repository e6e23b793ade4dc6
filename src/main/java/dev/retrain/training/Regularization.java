package dev.retrain.training;

/**
 * What keeps the layer from following the noise of its batches and learning few pictures by heart.
 * retrain.py did none of it.
 *
 * @param standardize whether the vectors' components are brought to mean 0 and deviation 1 over the
 *     training pictures first, and the layer folded back; default true
 * @param l2 strength of a penalty on large weights, {@code l2 / (2 * pictures) * sum(weights^2)},
 *     at least 0 (none); default 100, which is a Gaussian prior of deviation 0.1 on each weight,
 *     however many pictures there are
 * @param averageDecay how much of the running average of the weights an update keeps, at least 0
 *     (no average: the last weights) and below 1; default 0.9995
 */
public record Regularization(boolean standardize, double l2, double averageDecay) {
  /** The defaults named above. */
  public static final Regularization DEFAULT = new Regularization(true, 100, 0.9995);

  /** As retrain.py. */
  public static final Regularization NONE = new Regularization(false, 0, 0);

  /** Checks the ranges. */
  public Regularization {
    if (!(l2 >= 0) || !Double.isFinite(l2)) {
      throw new IllegalArgumentException("l2 must be at least 0, but is " + l2);
    }
    if (!(averageDecay >= 0 && averageDecay < 1)) {
      throw new IllegalArgumentException(
          "average decay must be at least 0 and below 1, but is " + averageDecay);
    }
  }
}
