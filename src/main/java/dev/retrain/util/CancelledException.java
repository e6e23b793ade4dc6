package dev.retrain.util;

/** The user cancelled an operation; the message says what is kept. */
public final class CancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CancelledException(String message) {
    super(message);
  }
}
