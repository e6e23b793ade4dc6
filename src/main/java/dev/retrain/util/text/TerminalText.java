package dev.retrain.util.text;

import java.util.Locale;

/**
 * Text for a terminal. A file name may contain any character, also those that move the cursor,
 * change colors or reverse the direction of what follows; they are shown as escapes of Java and
 * JSON: {@code \n}, {@code \u001b}.
 *
 * <p>Escaped are the control characters (C0, DEL, C1), line and paragraph separators, unpaired
 * surrogates, and format characters of Unicode, which are invisible: bidirectional controls,
 * zero-width space, byte-order mark. Zero-width joiner and non-joiner stay, which Persian and emoji
 * need, and so do the visible signs of Arabic numbers. A backslash is not escaped.
 */
public final class TerminalText {
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private TerminalText() {}

  /** The text on one line: line breaks and tabs are escaped, too. */
  public static String escape(String text) {
    return escape(text, false);
  }

  /** A text of several lines, such as a stack trace: line feeds and tabs stay. */
  public static String escapeLines(String text) {
    return escape(text, true);
  }

  private static String escape(String text, boolean lines) {
    if (text.codePoints().noneMatch(c -> isUnsafe(c, lines))) {
      return text;
    }
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isUnsafe(c, lines)) {
                append(safe, c);
              } else {
                safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }

  private static boolean isUnsafe(int c, boolean lines) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> !lines || (c != '\n' && c != '\t');
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
      case Character.FORMAT ->
          c != ZERO_WIDTH_NON_JOINER && c != ZERO_WIDTH_JOINER && !isArabicSign(c);
      default -> false;
    };
  }

  /** Signs that span the digits after them. */
  private static boolean isArabicSign(int c) {
    return (c >= 0x0600 && c <= 0x0605) || c == 0x06DD || c == 0x0890 || c == 0x0891 || c == 0x08E2;
  }

  private static void append(StringBuilder safe, int c) {
    switch (c) {
      case '\n' -> safe.append("\\n");
      case '\r' -> safe.append("\\r");
      case '\t' -> safe.append("\\t");
      default -> {
        for (char unit : Character.toChars(c)) {
          safe.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
        }
      }
    }
  }
}
