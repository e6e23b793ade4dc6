package dev.retrain.util;

/**
 * Work that could not be done, for a reason the user can act on.
 *
 * <p>The message is one or two plain sentences that name the file or option, what was found and
 * what to do. It is all the user sees; the cause is shown with {@code --verbose}.
 */
public class RetrainException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what the user reads
   */
  public RetrainException(String message) {
    super(message);
  }

  /**
   * @param message what the user reads
   * @param cause what lies behind it
   */
  public RetrainException(String message, Throwable cause) {
    super(message, cause);
  }
}
