package dev.retrain.dataset;

import java.util.Locale;

/** The part a picture plays. */
public enum Partition {
  /** The new layer's weights are fitted to these. */
  TRAINING,
  /** These choose among the weights seen while training. */
  VALIDATION,
  /** These are looked at once, at the end. */
  TEST;

  /** As it is typed. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
