package dev.retrain.util;

/** Messages of TensorFlow's exceptions, which can be pages long. */
public final class ErrorText {
  private ErrorText() {}

  /** The first line of an exception's message, without the final period. */
  public static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage())
        .lines()
        .findFirst()
        .orElse("no reason given")
        .replaceAll("\\.$", "");
  }
}
