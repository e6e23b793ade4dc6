package dev.retrain.util.io;

import java.util.Locale;

/** Formats sizes of files. */
public final class ByteSize {
  private ByteSize() {}

  /** Formats a size in millions of bytes, such as "88.9 MB". */
  public static String format(long bytes) {
    return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
  }
}
