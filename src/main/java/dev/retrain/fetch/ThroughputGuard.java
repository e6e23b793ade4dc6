package dev.retrain.fetch;

import java.util.Locale;
import java.util.function.LongSupplier;

/** Detects a connection that makes no progress. */
final class ThroughputGuard {
  private final RetryPolicy policy;
  private final LongSupplier nanoTime;
  private long windowStart;
  private long windowBytes;

  ThroughputGuard(RetryPolicy policy) {
    this.policy = policy;
    nanoTime = policy.nanoTime();
    windowStart = nanoTime.getAsLong();
  }

  /**
   * Counts received bytes.
   *
   * @throws ConnectionException if too few bytes were received within the timeout
   */
  void advance(long bytes) throws ConnectionException {
    windowBytes += bytes;
    long now = nanoTime.getAsLong();
    if (windowBytes >= RetryPolicy.MIN_BYTES) {
      windowStart = now;
      windowBytes = 0;
    } else if (now - windowStart > policy.timeout().toNanos()) {
      throw new ConnectionException(
          windowBytes == 0
              ? String.format(
                  Locale.ROOT, "no data received for %,d seconds", policy.timeout().toSeconds())
              : String.format(
                  Locale.ROOT,
                  "only %,d bytes received in %,d seconds",
                  windowBytes,
                  policy.timeout().toSeconds()));
    }
  }
}
