package dev.retrain.image.decode.header;

import java.util.Arrays;

/** Unsigned numbers in a file's bytes. A number that is not wholly inside the file reads as -1. */
final class Bytes {
  private final byte[] content;
  private final boolean littleEndian;

  /**
   * @param content the file's bytes; not copied
   * @param littleEndian the byte order
   */
  Bytes(byte[] content, boolean littleEndian) {
    this.content = content;
    this.littleEndian = littleEndian;
  }

  static Bytes bigEndian(byte[] content) {
    return new Bytes(content, false);
  }

  static Bytes littleEndian(byte[] content) {
    return new Bytes(content, true);
  }

  /** The bytes themselves, not a copy. */
  byte[] content() {
    return content;
  }

  boolean littleEndian() {
    return littleEndian;
  }

  int length() {
    return content.length;
  }

  int u8(long at) {
    return at < 0 || at >= content.length ? -1 : content[(int) at] & 0xFF;
  }

  int u16(long at) {
    return (int) number(at, 2);
  }

  int u24(long at) {
    return (int) number(at, 3);
  }

  long u32(long at) {
    return number(at, 4);
  }

  private long number(long at, int size) {
    if (at < 0 || at > content.length - size) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      int next = content[(int) at + (littleEndian ? size - 1 - i : i)] & 0xFF;
      value = value << 8 | next;
    }
    return value;
  }

  /** Whether the bytes at a place are those of a Latin-1 text. */
  boolean matches(long at, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (u8(at + i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The bytes from one place to another, as far as they are inside the file. */
  byte[] range(long from, long to) {
    int start = (int) Math.max(0, Math.min(content.length, from));
    return Arrays.copyOfRange(content, start, (int) Math.max(start, Math.min(content.length, to)));
  }
}
