package dev.retrain.backbone.guard;

import java.util.OptionalLong;

/** The most iterations of a loop that counts upwards. */
final class LoopBound {
  /** The most iterations of a loop, multiplied by those of the loops around it. */
  static final long MAX = 1_000_000;

  private static final long SIZE = 1000;

  /** Counters beyond it could overflow. */
  private static final long MAX_VALUE = 1L << 30;

  private LoopBound() {}

  /**
   * The most iterations of a loop that runs while a counter is below a constant.
   *
   * @param start the counter's first value
   * @param limit the constant
   * @param step what is added in each iteration
   * @param orEqual whether it also runs while the counter equals the constant
   * @return absent if a value is unknown, or the loop may not end
   */
  static OptionalLong of(
      OptionalLong start, OptionalLong limit, OptionalLong step, boolean orEqual) {
    if (start.isEmpty() || limit.isEmpty() || step.isEmpty()) {
      return OptionalLong.empty();
    }
    long first = start.getAsLong();
    long last = limit.getAsLong() + (orEqual ? 1 : 0);
    long added = step.getAsLong();
    if (Math.abs(first) > MAX_VALUE
        || Math.abs(last) > MAX_VALUE
        || added < 1
        || added > MAX_VALUE) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Math.max(0, (last - first + added - 1) / added));
  }

  /**
   * The iterations of a loop that runs while a counter is below the size of a tensor. They count as
   * {@value #SIZE}, so that nesting is limited: an image's size is of this order. The size itself
   * is known only at run time.
   */
  static OptionalLong ofSize(OptionalLong start, OptionalLong step, boolean orEqual) {
    return start.orElse(-1) >= 0 && step.orElse(0) == 1 && !orEqual
        ? OptionalLong.of(SIZE)
        : OptionalLong.empty();
  }
}
