package dev.retrain.cli.process;

import dev.retrain.util.Progress;
import dev.retrain.util.text.TerminalText;
import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows progress, throughput and remaining time on standard error: as a bar on a terminal, as a
 * line every few seconds elsewhere.
 */
public final class ProgressDisplay implements Progress {
  /** How progress is shown. */
  public enum Style {
    BAR,
    LINES,
    NOTHING
  }

  private static final Duration FIRST_LINE_DELAY = Duration.ofSeconds(2);
  private static final Duration LINE_INTERVAL = Duration.ofSeconds(5);
  private static final int WIDTH = 100;
  private static final long MEGABYTE = 1_000_000;

  private final PrintStream err;
  private final Style style;
  private final Interruption interruption;

  private ProgressBar bar;
  private String stage;
  private String unit;
  private long total;
  private long done;
  private long started;
  private long nextLine;

  public ProgressDisplay(PrintStream err, Style style, Interruption interruption) {
    this.err = err;
    this.style = style;
    this.interruption = interruption;
  }

  @Override
  public synchronized void begin(String newStage, String newUnit, long newTotal) {
    // Downloads are named after files.
    stage = TerminalText.escape(newStage);
    unit = newUnit;
    total = newTotal;
    done = 0;
    started = System.nanoTime();
    nextLine = started + FIRST_LINE_DELAY.toNanos();
    if (style == Style.BAR) {
      boolean bytes = unit.equals(BYTES);
      bar =
          new ProgressBarBuilder()
              .setTaskName(stage)
              .setInitialMax(total)
              .setUnit(bytes ? " MB" : " " + unit, bytes ? MEGABYTE : 1)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
              .showSpeed(new DecimalFormat("0.0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
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
    if (style == Style.LINES && now - nextLine >= 0 && done != total) {
      nextLine = now + LINE_INTERVAL.toNanos();
      err.println(line(stage, unit, done, total, (now - started) / 1e9));
    }
  }

  static String line(String stage, String unit, long done, long total, double seconds) {
    boolean bytes = unit.equals(BYTES);
    double scale = bytes ? MEGABYTE : 1;
    String number = bytes ? "%,.1f" : "%,.0f";
    double rate = done / seconds;
    String count = format(number, done / scale);
    String percent = "";
    String remaining = "";
    if (total != UNKNOWN) {
      long left = Math.round((total - done) / rate);
      count += format(" of " + number, total / scale);
      percent = format(" (%.0f%%)", 100.0 * done / total);
      remaining = format(", %d:%02d:%02d left", left / 3600, left / 60 % 60, left % 60);
    }
    return format(
        "%s: %s %s%s, %,.1f %s/s%s",
        stage, count, bytes ? "MB" : unit, percent, rate / scale, bytes ? "MB" : unit, remaining);
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
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
