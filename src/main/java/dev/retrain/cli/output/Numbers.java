package dev.retrain.cli.output;

import java.util.Locale;

/** Formats the numbers in tables and messages. */
public final class Numbers {
  private Numbers() {}

  /**
   * @param fraction 0 to 1
   * @return such as {@code 74.2%}
   */
  public static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * fraction);
  }

  /** A count with thousands separators. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
