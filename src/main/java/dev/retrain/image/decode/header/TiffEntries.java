package dev.retrain.image.decode.header;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The entries of one image file directory of a TIFF file (TIFF 6.0, section 2).
 *
 * @param bytes the file
 * @param byTag the position of each entry in the file; the first one of a tag
 * @param next the position of the next directory, or 0
 */
record TiffEntries(Bytes bytes, Map<Integer, Integer> byTag, long next) {
  static final int ENTRY = 12;

  /** Bytes of a value of each type, from type 1: BYTE, ASCII, SHORT, LONG, RATIONAL, ... */
  private static final int[] SIZES = {1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

  /** Reads a directory; empty if it is not wholly inside the file. */
  static Optional<TiffEntries> read(Bytes bytes, long at) {
    int count = bytes.u16(at);
    long end = at + 2 + (long) ENTRY * count;
    if (at < 8 || count < 1 || end > bytes.length()) {
      return Optional.empty();
    }
    Map<Integer, Integer> byTag = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      int entry = (int) at + 2 + ENTRY * i;
      byTag.putIfAbsent(bytes.u16(entry), entry);
    }
    return Optional.of(new TiffEntries(bytes, byTag, Math.max(0, bytes.u32(end))));
  }

  boolean has(int tag) {
    return byTag.containsKey(tag);
  }

  /** Number of values of a tag, 0 if it is missing. */
  long count(int tag) {
    return has(tag) ? bytes.u32(byTag.get(tag) + 4L) : 0;
  }

  /** Whether all values of a tag are inside the file. */
  boolean isInside(int tag) {
    long size = size(tag) * count(tag);
    return size(tag) > 0 && (size <= 4 || values(tag) + size <= bytes.length());
  }

  private int size(int tag) {
    int type = bytes.u16(byTag.get(tag) + 2L);
    return type < 1 || type > SIZES.length ? 0 : SIZES[type - 1];
  }

  /** Where the values of a tag are: in the entry itself if they fit. */
  long values(int tag) {
    int entry = byTag.get(tag);
    return size(tag) * count(tag) <= 4 ? entry + 8L : bytes.u32(entry + 8L);
  }

  /** A value of a tag: a byte, a short or a long; the default if there is none. */
  long value(int tag, long index, long missing) {
    if (index >= count(tag)) {
      return missing;
    }
    long value =
        switch (size(tag)) {
          case 1 -> bytes.u8(values(tag) + index);
          case 2 -> bytes.u16(values(tag) + 2 * index);
          case 4 -> bytes.u32(values(tag) + 4 * index);
          default -> -1;
        };
    return value < 0 ? missing : value;
  }

  /** The first value of a tag, or the default. */
  long value(int tag, long missing) {
    return value(tag, 0, missing);
  }

  /** A text; empty if there is none. */
  String text(int tag) {
    StringBuilder text = new StringBuilder();
    for (long i = 0; i < Math.min(64, count(tag)) && value(tag, i, 0) > 0; i++) {
      text.append((char) value(tag, i, 0));
    }
    return text.toString();
  }
}
