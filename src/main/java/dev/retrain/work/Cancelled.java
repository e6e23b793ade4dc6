package dev.retrain.work;

/** Work that stopped because the user asked for it; the message says what is kept. */
public final class Cancelled extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what the user reads
   */
  public Cancelled(String message) {
    super(message);
  }
}
