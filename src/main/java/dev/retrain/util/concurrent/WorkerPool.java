package dev.retrain.util.concurrent;

import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for work, one a core unless said otherwise. Closing waits for what is being done, and
 * drops what is not begun.
 */
public final class WorkerPool implements AutoCloseable {
  /** The machine's cores. */
  public static final int COUNT = Runtime.getRuntime().availableProcessors();

  private final ThreadPoolExecutor threads;

  /** A thread a core. */
  public WorkerPool() {
    this(COUNT);
  }

  /**
   * @param count how many threads
   */
  public WorkerPool(int count) {
    threads =
        new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
  }

  /**
   * @param work what is to be done, after all that was given before
   * @return what it gives
   */
  public <T> PendingResult<T> submit(Callable<T> work) {
    return new PendingResult<>(threads.submit(work));
  }

  @Override
  public void close() {
    threads.getQueue().clear();
    threads.shutdown();
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        interrupted |= !threads.awaitTermination(1, TimeUnit.DAYS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
