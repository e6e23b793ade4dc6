package dev.retrain.util.parquet;

/** What a column of a row group says about itself can't be. The message completes a sentence. */
final class MalformedColumnException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedColumnException(String message, Throwable cause) {
    super(message, cause);
  }

  MalformedColumnException(String message) {
    this(message, null);
  }
}
