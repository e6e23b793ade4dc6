package dev.retrain.backbone;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * How vectors are computed. These options affect speed and rounding.
 *
 * @param optimized whether the graph is optimized, which changes vectors only by rounding (less
 *     than 1e-4 of their norm); default true
 * @param precision floating-point format of the computation; default float32
 */
public record ComputeOptions(boolean optimized, Precision precision) {
  /** Optimized, in float32. */
  public static final ComputeOptions DEFAULT = new ComputeOptions(true, Precision.FLOAT32);

  /**
   * Parses the text form.
   *
   * @throws IllegalArgumentException if the text is not the result of a {@link #toString}
   */
  public static ComputeOptions parse(String text) {
    return Stream.of(true, false)
        .flatMap(
            optimized ->
                Arrays.stream(Precision.values())
                    .map(precision -> new ComputeOptions(optimized, precision)))
        .filter(computation -> computation.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'%s' are not compute options".formatted(text)));
  }

  /** The text form, which is part of {@link BackboneIdentity#text}: it must not change. */
  @Override
  public String toString() {
    return "optimized=%s precision=%s".formatted(optimized, precision);
  }
}
