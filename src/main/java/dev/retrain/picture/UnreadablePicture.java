package dev.retrain.picture;

/** A file that can't be used as a picture; the message is the reason, in a few words. */
public final class UnreadablePicture extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadablePicture(String reason) {
    super(reason);
  }

  UnreadablePicture(String reason, Throwable cause) {
    super(reason, cause);
  }
}
