package dev.retrain.image;

/** A file that can't be decoded as an image; the message is the reason, to complete a sentence. */
public final class UnreadableImageException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnreadableImageException(String reason) {
    super(reason);
  }

  public UnreadableImageException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
