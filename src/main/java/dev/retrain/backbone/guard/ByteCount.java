package dev.retrain.backbone.guard;

/** A sum of byte counts that saturates instead of overflowing. */
final class ByteCount {
  /** The most that the constants of a graph may take: 2 GiB, the limit of a protocol buffer. */
  static final long MAX_BYTES = 1L << 31;

  private long value;

  void add(long bytes) {
    value = sum(value, bytes);
  }

  long value() {
    return value;
  }

  boolean isTooLarge() {
    return value > MAX_BYTES;
  }

  /** The sum of two counts, at most {@link Long#MAX_VALUE}. */
  static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /** The product of two counts, at most {@link Long#MAX_VALUE}. */
  static long product(long a, long b) {
    return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
  }
}
