package dev.retrain.bottleneck;

/** A file that holds no vector; the message says why in a few words, without the file's name. */
final class UnreadableVector extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableVector(String message) {
    super(message);
  }
}
