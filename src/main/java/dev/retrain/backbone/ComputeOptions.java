package dev.retrain.backbone;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * How a network's vectors are computed: what changes their rounding, and their speed.
 *
 * @param optimized whether the graph is rewritten to run faster, with the same vectors but for
 *     rounding (less than 1e-4 of their length); default true
 * @param precision the numbers it computes in; default float32
 */
public record ComputeOptions(boolean optimized, Precision precision) {
  /** As fast as it goes with the same vectors. */
  public static final ComputeOptions DEFAULT = new ComputeOptions(true, Precision.FLOAT32);

  /**
   * Reads what {@link #toString} gives.
   *
   * @throws IllegalArgumentException where it is something else
   */
  public static ComputeOptions parse(String text) {
    return Stream.of(true, false)
        .flatMap(
            optimized ->
                Arrays.stream(Precision.values())
                    .map(precision -> new ComputeOptions(optimized, precision)))
        .filter(computation -> computation.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("'%s' is not known".formatted(text)));
  }

  /** As it stands in a backbone's identity. */
  @Override
  public String toString() {
    return "optimized=%s precision=%s".formatted(optimized, precision);
  }
}
