package dev.retrain.image;

import dev.retrain.util.io.IoReason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file that was skipped because it can't be read or decoded.
 *
 * @param path the file
 * @param reason the reason, to complete a sentence
 */
public record SkippedFile(Path path, String reason) {
  /**
   * Converts an exception of reading or decoding a file.
   *
   * @param path the file
   * @param cause the exception
   * @throws IllegalStateException if the cause is not an error of the file
   */
  public static SkippedFile from(Path path, Throwable cause) {
    return new SkippedFile(path, reason(cause));
  }

  private static String reason(Throwable cause) {
    if (cause instanceof UnreadableImageException) {
      return cause.getMessage();
    }
    if (cause instanceof NoSuchFileException) {
      return "it does not exist, or it is a link to a missing file";
    }
    if (cause instanceof AccessDeniedException) {
      return "this user has no permission to read it";
    }
    if (cause instanceof IOException io) {
      return "it can't be read (%s)".formatted(IoReason.of(io));
    }
    if (cause instanceof OutOfMemoryError) {
      return "it is too large for Java's memory; increase it with -Xmx";
    }
    throw new IllegalStateException(cause);
  }
}
