package dev.retrain.util.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Optional;

/** Why a file can't be read or written, in words for the user instead of an exception's name. */
public final class IoReason {
  private static final String SPACE = "no space left on device";
  private static final String QUOTA = "quota exceeded";
  private static final String READ_ONLY = "read-only file system";
  private static final String PERMISSION = "permission denied";
  private static final String TOO_LARGE = "file too large";

  private IoReason() {}

  /**
   * The reason of an error, to complete a sentence: {@code permission denied}.
   *
   * @param e the error
   */
  public static String of(IOException e) {
    if (e instanceof AccessDeniedException) {
      return PERMISSION;
    }
    if (e instanceof NoSuchFileException) {
      return "it does not exist";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file of this name exists";
    }
    Optional<String> text =
        Optional.ofNullable(e instanceof FileSystemException file ? file.getReason() : null)
            .or(() -> Optional.ofNullable(e.getMessage()))
            .filter(reason -> !reason.isBlank());
    // The operating system's texts begin with a capital letter.
    return text.map(IoReason::lowerFirst).orElse("an input/output error");
  }

  /** What the user can do about an error while writing: one sentence. */
  static String remedy(IOException e) {
    String reason = of(e).toLowerCase(Locale.ROOT);
    if (reason.contains(SPACE) || reason.contains(QUOTA)) {
      return "Free some disk space or choose another directory, and run the command again.";
    }
    if (reason.contains(READ_ONLY)) {
      return "Choose a directory on a writable file system.";
    }
    if (reason.contains(PERMISSION) || reason.contains("operation not permitted")) {
      return "Change the permissions or choose another directory.";
    }
    if (reason.contains(TOO_LARGE)) {
      return "Raise the limit on the size of files (ulimit -f), or use a file system that allows larger files.";
    }
    if (reason.contains("name too long")) {
      return "Use a shorter name.";
    }
    return "Check the disk, or choose another directory.";
  }

  private static String lowerFirst(String text) {
    boolean word = text.length() > 1 && Character.isLowerCase(text.charAt(1));
    return word ? text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1) : text;
  }
}
