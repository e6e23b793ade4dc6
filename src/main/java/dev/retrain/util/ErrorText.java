package dev.retrain.util;

/** Messages of TensorFlow's exceptions, which can be pages long. */
public final class ErrorText {
  private static final int MAX_LENGTH = 500;

  private ErrorText() {}

  /**
   * The first line of an exception's message, without the final period and control characters, and
   * shortened to 500 characters.
   */
  public static String firstLine(Throwable e) {
    String line =
        String.valueOf(e.getMessage())
            .lines()
            .findFirst()
            .orElse("no reason given")
            .replaceAll("\\p{Cntrl}", "?")
            .replaceAll("\\.$", "");
    return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "..." : line;
  }
}
