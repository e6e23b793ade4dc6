package dev.retrain.testing;

import dev.retrain.util.Progress;
import java.util.ArrayList;
import java.util.List;

/** Records the progress, and cancels after a number of items. */
public final class RecordedProgress implements Progress {
  private final long stopAfter;
  private final List<String> events = new ArrayList<>();
  private long done;

  public RecordedProgress(long stopAfter) {
    this.stopAfter = stopAfter;
  }

  public synchronized List<String> events() {
    return List.copyOf(events);
  }

  public synchronized long done() {
    return done;
  }

  @Override
  public synchronized void begin(String stage, String unit, long total) {
    events.add("begin " + total + " " + unit);
  }

  @Override
  public synchronized void advance(long count) {
    done += count;
    events.add(Long.toString(count));
  }

  @Override
  public synchronized void end() {
    events.add("end");
  }

  @Override
  public synchronized boolean cancelled() {
    return done >= stopAfter;
  }
}
