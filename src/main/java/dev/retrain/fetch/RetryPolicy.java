package dev.retrain.fetch;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * When a connection counts as broken, and how long to wait before the next attempt.
 *
 * @param timeout how long a connection may make no progress: nothing received, or fewer than {@link
 *     #MIN_BYTES}
 * @param pauses how long to wait after each failed attempt, as long as an attempt receives less
 *     than 1 MiB; after the last pause, the download fails
 * @param nanoTime the time that the timeout is measured by, in nanoseconds
 * @param clock the time that a Retry-After date is compared with
 * @param sleeper waits
 */
record RetryPolicy(
    Duration timeout, List<Duration> pauses, LongSupplier nanoTime, Clock clock, Sleeper sleeper) {
  /** Bytes that must arrive within the timeout; 16 KiB in 60 seconds is slower than any modem. */
  static final long MIN_BYTES = 16 << 10;

  /** Longest wait that a server may ask for. */
  static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(5);

  /** The timeout is 60 seconds; four pauses of 1, 2, 4 and 8 seconds. */
  static final RetryPolicy DEFAULT =
      new RetryPolicy(
          Duration.ofSeconds(60),
          Stream.of(1, 2, 4, 8).map(Duration::ofSeconds).toList(),
          System::nanoTime,
          Clock.systemUTC(),
          length -> TimeUnit.NANOSECONDS.sleep(length.toNanos()));

  RetryPolicy {
    pauses = List.copyOf(pauses);
  }

  /** Waits. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration length) throws InterruptedException;
  }
}
