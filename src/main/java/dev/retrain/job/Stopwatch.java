package dev.retrain.job;

/**
 * Measures how long work takes.
 *
 * @param started when it started, in {@link System#nanoTime} terms
 */
record Stopwatch(long started) {
  static Stopwatch start() {
    return new Stopwatch(System.nanoTime());
  }

  /** Seconds since the start. */
  double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }
}
