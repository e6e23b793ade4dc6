package dev.retrain.report.view;

import java.util.Locale;

/** Numbers as text, independent of the default locale. */
public final class NumberText {
  private NumberText() {}

  /** {@link String#format(Locale, String, Object...)} with the root locale. */
  public static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /**
   * @param share 0 to 1
   * @return a percentage with one decimal place: {@code 74.2%}
   */
  public static String percent(double share) {
    return format("%.1f%%", 100 * share);
  }

  /**
   * @param count a number
   * @return the number with thousands separators: {@code 10,000}
   */
  public static String count(long count) {
    return format("%,d", count);
  }
}
