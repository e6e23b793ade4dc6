package dev.retrain.dataset;

/** The part a picture plays. */
public enum Partition {
  /** The new layer's weights are fitted to these. */
  TRAINING,
  /** These choose among the weights seen while training. */
  VALIDATION,
  /** These are looked at once, at the end. */
  TEST
}
