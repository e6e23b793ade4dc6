package dev.retrain.bottleneck;

/** A file that holds no vector; the message says why in a few words, without the file's name. */
public final class UnreadableVectorException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnreadableVectorException(String message) {
    super(message);
  }
}
