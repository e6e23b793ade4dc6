package dev.retrain.backbone;

import java.util.Locale;

/** The numbers a network computes in. */
public enum Precision {
  /** 24 significant bits: what networks are trained in. */
  FLOAT32,
  /**
   * 8 significant bits in convolutions and matrix products, which sum in float32: twice as fast
   * where the processor has it. Weights in the file and vectors in the cache stay float32.
   */
  BFLOAT16;

  /** As it is typed, and as it stands in a backbone's identity. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
