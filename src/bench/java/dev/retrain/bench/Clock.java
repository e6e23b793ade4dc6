package dev.retrain.bench;

/**
 * Measures how long something takes.
 *
 * @param started when it started, in {@link System#nanoTime} terms
 */
record Clock(long started) {
  static Clock start() {
    return new Clock(System.nanoTime());
  }

  /** Seconds since the start. */
  double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }
}
