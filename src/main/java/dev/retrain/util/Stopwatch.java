package dev.retrain.util;

/**
 * Measures elapsed time.
 *
 * @param started start time, of {@link System#nanoTime}
 */
public record Stopwatch(long started) {
  public static Stopwatch start() {
    return new Stopwatch(System.nanoTime());
  }

  /** Seconds since the start. */
  public double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }
}
