package dev.retrain.bottleneck.extract;

import dev.retrain.util.concurrent.WorkerPool;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures how busy each stage of an extraction is, to find the bottleneck. Thread-safe. */
final class StageTimer {
  private static final Logger LOG = LoggerFactory.getLogger(StageTimer.class);

  /** A stage of the extraction. */
  enum Stage {
    READING,
    DECODING,
    NETWORK,
    WRITING
  }

  private final Map<Stage, LongAdder> busy = new EnumMap<>(Stage.class);
  private final long start = System.nanoTime();

  StageTimer() {
    for (Stage stage : Stage.values()) {
      busy.put(stage, new LongAdder());
    }
  }

  /**
   * Adds the time that has passed since a start.
   *
   * @param stage the stage
   * @param from a {@link System#nanoTime}
   */
  void add(Stage stage, long from) {
    busy.get(stage).add(System.nanoTime() - from);
  }

  /**
   * Logs the share of time that each stage's threads were busy.
   *
   * @param callers number of threads that decode and run batches
   */
  void log(int callers) {
    long elapsed = System.nanoTime() - start;
    StringJoiner shares = new StringJoiner(", ");
    busy.forEach(
        (stage, time) -> {
          int threads =
              switch (stage) {
                case READING -> WorkerPool.COUNT;
                case DECODING, NETWORK -> callers;
                case WRITING -> 1;
              };
          shares.add(
              String.format(
                  Locale.ROOT,
                  "%s %.0f%% of %d thread%s",
                  stage.name().toLowerCase(Locale.ROOT),
                  100.0 * time.sum() / elapsed / threads,
                  threads,
                  threads == 1 ? "" : "s"));
        });
    LOG.debug("Utilization: {}.", shares);
  }
}
