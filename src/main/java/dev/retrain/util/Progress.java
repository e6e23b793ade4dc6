package dev.retrain.util;

/**
 * Receives the progress of a long operation, and can cancel it.
 *
 * <p>Implementations are thread-safe.
 */
public interface Progress {
  /** The unit of a stage that counts bytes, which are displayed as megabytes. */
  String BYTES = "bytes";

  /** The total of a stage of unknown length. */
  long UNKNOWN = -1;

  /** Ignores the progress and never cancels. */
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
   * Starts a stage.
   *
   * @param stage name of the stage, such as "Bottlenecks"
   * @param unit counted items, such as "images" or {@link #BYTES}
   * @param total number of items, or {@link #UNKNOWN}
   */
  void begin(String stage, String unit, long total);

  /**
   * Advances the stage.
   *
   * @param count number of items completed since the last call
   */
  void advance(long count);

  /** Ends the stage, whether it is complete or not. */
  void end();

  /** Whether the user has cancelled; long loops check it regularly. */
  default boolean cancelled() {
    return false;
  }
}
