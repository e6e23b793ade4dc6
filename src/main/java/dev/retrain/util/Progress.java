package dev.retrain.util;

/**
 * How long work tells its caller how far it is, and learns that it should stop.
 *
 * <p>Implementations take calls from any thread.
 */
public interface Progress {
  /** The unit of a stage that counts bytes; it is shown in megabytes. */
  String BYTES = "bytes";

  /** The total of a stage whose end nobody knows. */
  long UNKNOWN = -1;

  /** Shows nothing and never stops. */
  Progress NONE =
      new Progress() {
        @Override
        public void begin(String stage, String unit, long total) {}

        @Override
        public void advance(long count) {}

        @Override
        public void end() {}
      };

  /**
   * A stage starts.
   *
   * @param stage what is done, such as "Bottlenecks"
   * @param unit what is counted, such as "images" or {@link #BYTES}
   * @param total how many there are, or {@link #UNKNOWN}
   */
  void begin(String stage, String unit, long total);

  /**
   * More of the stage is done.
   *
   * @param count how many since the last call
   */
  void advance(long count);

  /** The stage is over, done or not. */
  void end();

  /** Whether the user asked to stop; long loops look at it and wind down in good order. */
  default boolean cancelled() {
    return false;
  }
}
