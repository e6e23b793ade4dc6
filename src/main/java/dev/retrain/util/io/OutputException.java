package dev.retrain.util.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file or directory can't be written. The message is one or two plain sentences that name it,
 * give the reason and say what to do.
 */
public final class OutputException extends IOException {
  private static final long serialVersionUID = 1L;

  private OutputException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * A file that can't be written.
   *
   * @param file the file as the user knows it, not a temporary name
   * @param cause why
   * @return the cause itself, or the one below it, if that is an {@code OutputException} already
   */
  public static OutputException file(Path file, IOException cause) {
    return of("%s can't be written", file, cause);
  }

  /**
   * A directory that can't be created or written to.
   *
   * @param directory the directory
   * @param cause why
   */
  public static OutputException directory(Path directory, IOException cause) {
    return of("The directory %s can't be written to", directory, cause);
  }

  private static OutputException of(String format, Path path, IOException cause) {
    return find(cause)
        .orElseGet(
            () ->
                new OutputException(
                    format.formatted(path)
                        + ": "
                        + IoReason.of(cause)
                        + ". "
                        + IoReason.remedy(cause),
                    cause));
  }

  /** The output error that an error is or wraps: some libraries, such as ImageIO, wrap it. */
  static Optional<OutputException> find(Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e instanceof OutputException output) {
        return Optional.of(output);
      }
    }
    return Optional.empty();
  }

  /** An error whose message is complete. */
  static OutputException withMessage(String message) {
    return new OutputException(message, null);
  }
}
