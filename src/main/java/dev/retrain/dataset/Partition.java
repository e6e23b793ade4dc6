package dev.retrain.dataset;

import java.util.Locale;

/** What an image is used for, in the order of use. */
public enum Partition {
  /** Fits the weights of the new layer. */
  TRAINING,
  /** Selects among the weights that the training visits. */
  VALIDATION,
  /** Evaluates the final model, once. */
  TEST;

  /** The one of two partitions that a training uses first. */
  public static Partition earliest(Partition a, Partition b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  /** The name in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
