package dev.retrain.command;

import dev.retrain.work.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows progress on standard error: a bar on a terminal, a line every few seconds elsewhere, each
 * with rate and time left.
 */
final class ProgressDisplay implements Progress {
  /** What is drawn on. */
  enum Style {
    BAR,
    LINES,
    NOTHING
  }

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
  private static final int WIDTH = 100;

  private final PrintStream err;
  private final Style style;
  private final Interruption interruption;

  private ProgressBar bar;
  private String stage;
  private String unit;
  private long total;
  private long done;
  private long started;
  private long lastLine;

  ProgressDisplay(PrintStream err, Style style, Interruption interruption) {
    this.err = err;
    this.style = style;
    this.interruption = interruption;
  }

  @Override
  public synchronized void begin(String newStage, String newUnit, long newTotal) {
    stage = newStage;
    unit = newUnit;
    total = newTotal;
    done = 0;
    started = System.nanoTime();
    lastLine = started;
    if (style == Style.BAR) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(stage)
              .setInitialMax(total)
              .setUnit(" " + unit, 1)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
              .showSpeed()
              .build();
    }
  }

  @Override
  public synchronized void advance(long count) {
    done += count;
    if (bar != null) {
      bar.stepBy(count);
    }
    long now = System.nanoTime();
    if (style == Style.LINES && now - lastLine >= BETWEEN_LINES.toNanos() && done < total) {
      lastLine = now;
      err.println(line(stage, unit, done, total, (now - started) / 1e9));
    }
  }

  static String line(String stage, String unit, long done, long total, double seconds) {
    double rate = done / seconds;
    long left = Math.round((total - done) / rate);
    return String.format(
        Locale.ROOT,
        "%s: %,d of %,d %s (%.0f %%), %,.1f/s, %d:%02d:%02d left",
        stage,
        done,
        total,
        unit,
        100.0 * done / total,
        rate,
        left / 3600,
        left / 60 % 60,
        left % 60);
  }

  @Override
  public synchronized void end() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public boolean cancelled() {
    return interruption.requested();
  }
}
