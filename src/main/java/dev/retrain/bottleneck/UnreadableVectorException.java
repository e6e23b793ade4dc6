package dev.retrain.bottleneck;

/** A file holds no valid vector; the message gives the reason without the file's name. */
public final class UnreadableVectorException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnreadableVectorException(String message) {
    super(message);
  }
}
