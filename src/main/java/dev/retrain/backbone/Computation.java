package dev.retrain.backbone;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final Pattern TEXT =
      Pattern.compile("optimized=(?<optimized>true|false) precision=(?<precision>\\w+)");

  /**
   * Reads what {@link #toString} gives.
   *
   * @throws IllegalArgumentException where it is something else
   */
  public static Computation of(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'%s' is no way to compute vectors".formatted(text));
    }
    return new Computation(
        Boolean.parseBoolean(matcher.group("optimized")),
        Precision.valueOf(matcher.group("precision").toUpperCase(Locale.ROOT)));
  }

  /** As it stands in a backbone's identity. */
  @Override
  public String toString() {
    return "optimized=%s precision=%s".formatted(optimized, precision);
  }
}
