package dev.retrain.bottleneck.extract;

import dev.retrain.util.concurrent.WorkerPool;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How busy each stage of the extraction was, so that a slow one is seen. */
final class StageTimer {
  private static final Logger LOG = LoggerFactory.getLogger(StageTimer.class);

  /** What the time is spent on. */
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

  /** Counts the time since {@code from}, a {@link System#nanoTime}; from any thread. */
  void add(Stage stage, long from) {
    busy.get(stage).add(System.nanoTime() - from);
  }

  /**
   * Logs the shares.
   *
   * @param callers threads that decode and run the network
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
                  "%s %.0f %% of %d thread%s",
                  stage.name().toLowerCase(Locale.ROOT),
                  100.0 * time.sum() / elapsed / threads,
                  threads,
                  threads == 1 ? "" : "s"));
        });
    LOG.debug("Busy: {}.", shares);
  }
}
