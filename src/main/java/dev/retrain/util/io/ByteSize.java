package dev.retrain.util.io;

import java.util.Locale;

/** Sizes of files as people read them. */
public final class ByteSize {
  private ByteSize() {}

  /**
   * @param bytes a size
   * @return it in millions of bytes, such as "88.9 MB"
   */
  public static String format(long bytes) {
    return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
  }
}
