package dev.retrain.bench;

import dev.retrain.util.Progress;
import java.util.ArrayList;
import java.util.List;

/** Measures the updates of a fine-tuning by its progress. The first update is not measured. */
final class UpdateClock implements Progress {
  private final int epochs;
  private final List<Long> updates = new ArrayList<>();
  private long imagesPerUpdate;
  private long end;
  private boolean running;

  /**
   * @param epochs number of epochs
   */
  UpdateClock(int epochs) {
    this.epochs = epochs;
  }

  @Override
  public synchronized void begin(String stage, String unit, long total) {
    running = stage.equals("Fine-tuning");
  }

  @Override
  public synchronized void advance(long count) {
    if (running) {
      imagesPerUpdate = count;
      updates.add(System.nanoTime());
    }
  }

  @Override
  public synchronized void end() {
    if (running) {
      end = System.nanoTime();
      running = false;
    }
  }

  /** Images per second during the updates, without what follows each epoch. */
  synchronized double imagesPerSecond() {
    int perEpoch = updates.size() / epochs;
    long nanoseconds = 0;
    for (int first = 0; first < updates.size(); first += perEpoch) {
      nanoseconds += updates.get(first + perEpoch - 1) - updates.get(first);
    }
    return rate((perEpoch - 1) * epochs, nanoseconds);
  }

  /** Images per second until the end of the fine-tuning. */
  synchronized double wholeImagesPerSecond() {
    return rate(updates.size() - 1, end - updates.get(0));
  }

  private double rate(int count, long nanoseconds) {
    return count * imagesPerUpdate / (nanoseconds / 1e9);
  }
}
