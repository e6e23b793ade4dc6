package dev.retrain.cli.output;

import dev.retrain.util.text.Counted;
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

  /** A duration in the largest unit in which it has several digits. */
  static String duration(double seconds) {
    if (seconds < 120) {
      return Counted.of((long) Math.ceil(seconds), "second");
    }
    return seconds < 7200
        ? String.format(Locale.ROOT, "%.0f minutes", seconds / 60)
        : String.format(Locale.ROOT, "%.1f hours", seconds / 3600);
  }
}
