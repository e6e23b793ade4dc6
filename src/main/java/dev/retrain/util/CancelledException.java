package dev.retrain.util;

/** Work that stopped because the user asked for it; the message says what is kept. */
public final class CancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what the user reads
   */
  public CancelledException(String message) {
    super(message);
  }
}
