package dev.retrain.util.text;

import java.util.Locale;

/** Numbers of things in messages: {@code 1 class}, {@code 1,200 images}. */
public final class Counted {
  private Counted() {}

  /**
   * A number, with thousands separators, and the noun in its singular or plural.
   *
   * @param noun in the singular: image, class, copy
   */
  public static String of(long count, String noun) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? noun : plural(noun));
  }

  private static String plural(String noun) {
    if (noun.endsWith("y")) {
      return noun.substring(0, noun.length() - 1) + "ies";
    }
    return noun + (noun.endsWith("s") ? "es" : "s");
  }
}
