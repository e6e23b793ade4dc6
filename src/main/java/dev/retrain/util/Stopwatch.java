package dev.retrain.util;

/**
 * Measures how long work takes.
 *
 * @param started when it started, in {@link System#nanoTime} terms
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
