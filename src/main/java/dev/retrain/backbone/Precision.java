package dev.retrain.backbone;

import java.util.Locale;

/** Floating-point format in which a backbone computes. */
public enum Precision {
  /** 24 significant bits; backbones are trained in it. */
  FLOAT32,
  /**
   * 8 significant bits in convolutions and matrix products, with sums in float32: twice as fast on
   * processors that support it. Weights in files and vectors in the cache remain float32.
   */
  BFLOAT16;

  /** The lower-case name, which is part of {@link BackboneIdentity#text}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
