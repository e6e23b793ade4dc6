package dev.retrain.image;

/** A file that can't be used as an image; the message is the reason, in a few words. */
public final class UnreadableImageException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableImageException(String reason) {
    super(reason);
  }

  UnreadableImageException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
