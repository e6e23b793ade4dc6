package dev.retrain.image;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file that could not be used.
 *
 * @param path which
 * @param reason why, in a few words
 */
public record SkippedFile(Path path, String reason) {
  /**
   * @param path a file
   * @param cause what its reading or decoding threw
   * @return the file, with what that means
   * @throws IllegalStateException where it was nothing that a file can be to blame for
   */
  public static SkippedFile of(Path path, Throwable cause) {
    return new SkippedFile(path, reason(cause));
  }

  private static String reason(Throwable cause) {
    if (cause instanceof UnreadableImageException) {
      return cause.getMessage();
    }
    if (cause instanceof NoSuchFileException) {
      return "it is gone, or a link to nothing";
    }
    if (cause instanceof AccessDeniedException) {
      return "it may not be read by this user";
    }
    if (cause instanceof FileSystemException file && file.getReason() != null) {
      return "it can't be read (%s)".formatted(file.getReason());
    }
    if (cause instanceof IOException) {
      return "it can't be read (%s)".formatted(cause);
    }
    if (cause instanceof OutOfMemoryError) {
      return "it is too large for the memory Java has; give Java more with -Xmx";
    }
    throw new IllegalStateException(cause);
  }
}
