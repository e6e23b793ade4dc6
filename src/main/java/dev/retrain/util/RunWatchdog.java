package dev.retrain.util;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Limits the time of each run of a graph whose source is unknown, which may never end.
 *
 * <p>TensorFlow can't end such a run: the timeout in its {@code RunOptions} has no effect if a
 * session computes on the calling thread, as this library's sessions do on CPUs. Neither can
 * another thread, because closing a session waits for its runs. So the limit is a setting of the
 * process: the program that sets it says what happens, and has little choice but to end the
 * process. Without it, nothing is limited.
 */
public final class RunWatchdog {
  private static volatile RunWatchdog installed;

  private final Duration limit;
  private final Consumer<String> action;
  private final ScheduledThreadPoolExecutor timer;

  private RunWatchdog(Duration limit, Consumer<String> action) {
    this.limit = limit;
    this.action = action;
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "run-watchdog");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * Limits all runs that start from now on, in the whole process.
   *
   * @param limit the longest time of one run, which computes one batch; zero for no limit
   * @param action called on another thread, with the name of the graph, if a run takes longer
   */
  public static synchronized void install(Duration limit, Consumer<String> action) {
    if (installed != null) {
      installed.timer.shutdown();
    }
    installed = limit.isZero() ? null : new RunWatchdog(limit, action);
  }

  /**
   * Runs a graph, watched.
   *
   * @param graph name of the graph in messages
   * @param run the run
   * @return its result
   */
  public static <T> T watch(String graph, Supplier<T> run) {
    RunWatchdog watchdog = installed;
    return watchdog == null ? run.get() : watchdog.limit(graph, run);
  }

  private <T> T limit(String graph, Supplier<T> run) {
    ScheduledFuture<?> expiry =
        timer.schedule(() -> action.accept(graph), limit.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return run.get();
    } finally {
      expiry.cancel(false);
    }
  }
}
