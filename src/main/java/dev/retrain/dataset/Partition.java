package dev.retrain.dataset;

import java.util.Locale;

/** The part an image plays; in the order in which a training uses them. */
public enum Partition {
  /** The new layer's weights are fitted to these. */
  TRAINING,
  /** These choose among the weights seen while training. */
  VALIDATION,
  /** These are looked at once, at the end. */
  TEST;

  /** Which of two a training uses before the other. */
  public static Partition sooner(Partition a, Partition b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  /** As it is typed. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
