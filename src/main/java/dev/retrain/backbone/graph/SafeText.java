package dev.retrain.backbone.graph;

import java.util.Locale;

/** Text of an untrusted graph, for messages. */
public final class SafeText {
  private static final int MAX_LENGTH = 120;

  private SafeText() {}

  /** The text without control characters, shortened if it is long. */
  public static String quote(String text) {
    StringBuilder safe = new StringBuilder();
    int length = Math.min(text.length(), MAX_LENGTH);
    for (char c : text.substring(0, length).toCharArray()) {
      if (c < ' ' || c > '~') {
        safe.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        safe.append(c);
      }
    }
    return text.length() > MAX_LENGTH ? safe.append("...").toString() : safe.toString();
  }
}
