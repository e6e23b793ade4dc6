package dev.retrain.image;

import dev.retrain.util.RetrainException;
import dev.retrain.util.io.IoReason;
import dev.retrain.util.io.SymbolicLink;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

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
    return new SkippedFile(path, ofLink(path).orElseGet(() -> reason(cause)));
  }

  private static Optional<String> ofLink(Path path) {
    return SymbolicLink.isCycle(path)
        ? Optional.of("it is a link to a directory that contains it")
        : SymbolicLink.problem(path).map("it is a link that %s"::formatted);
  }

  private static String reason(Throwable cause) {
    if (cause instanceof UnreadableImageException) {
      return cause.getMessage();
    }
    if (cause instanceof NoSuchFileException) {
      return "it does not exist";
    }
    if (cause instanceof AccessDeniedException) {
      return "this user has no permission to read it";
    }
    if (cause instanceof IOException io) {
      return "it can't be read (%s)".formatted(IoReason.of(io));
    }
    if (cause instanceof RetrainException complete) {
      // It is about more than this file, such as an archive that has changed.
      throw complete;
    }
    if (cause instanceof OutOfMemoryError) {
      return "it is too large for Java's memory; increase it with -Xmx";
    }
    throw new IllegalStateException(cause);
  }
}
