package dev.retrain.backbone;

/**
 * How a network's vectors are computed: what changes their rounding, and their speed.
 *
 * @param optimized whether the graph is rewritten to run faster, with the same vectors but for
 *     rounding (less than 1e-4 of their length); default true
 * @param precision the numbers it computes in; default float32
 */
public record Computation(boolean optimized, Precision precision) {
  /** As fast as it goes with the same vectors. */
  public static final Computation DEFAULT = new Computation(true, Precision.FLOAT32);

  /** As it stands in a backbone's identity. */
  @Override
  public String toString() {
    return "optimized=%s precision=%s".formatted(optimized, precision);
  }
}
