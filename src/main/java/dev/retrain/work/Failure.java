package dev.retrain.work;

/**
 * Work that could not be done, for a reason the user can act on.
 *
 * <p>The message is one or two plain sentences that name the file or option, what was found and
 * what to do. It is all the user sees; the cause is shown with {@code --verbose}.
 */
public class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what the user reads
   */
  public Failure(String message) {
    super(message);
  }

  /**
   * @param message what the user reads
   * @param cause what lies behind it
   */
  public Failure(String message, Throwable cause) {
    super(message, cause);
  }
}
