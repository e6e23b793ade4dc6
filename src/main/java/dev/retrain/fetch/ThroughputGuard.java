package dev.retrain.fetch;

import dev.retrain.util.text.Counted;
import java.util.Locale;

/** Detects a connection that makes no progress. */
final class ThroughputGuard {
  private final RetryPolicy policy;
  private long windowStart;
  private long windowBytes;

  ThroughputGuard(RetryPolicy policy) {
    this.policy = policy;
    windowStart = policy.nanoTime().getAsLong();
  }

  /**
   * Counts received bytes.
   *
   * @throws ConnectionException if too few bytes were received within the timeout
   */
  void advance(long bytes) throws ConnectionException {
    windowBytes += bytes;
    long now = policy.nanoTime().getAsLong();
    if (windowBytes >= RetryPolicy.MIN_BYTES) {
      windowStart = now;
      windowBytes = 0;
    } else if (now - windowStart > policy.timeout().toNanos()) {
      throw new ConnectionException(
          windowBytes == 0
              ? "no data received for " + Counted.of(policy.timeout().toSeconds(), "second")
              : String.format(
                  Locale.ROOT,
                  "only %s received in %s",
                  Counted.of(windowBytes, "byte"),
                  Counted.of(policy.timeout().toSeconds(), "second")));
    }
  }
}
