package dev.retrain.util.concurrent;

import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A fixed number of threads. Closing waits for running work and drops work that has not started.
 */
public final class WorkerPool implements AutoCloseable {
  /** Number of cores. */
  public static final int COUNT = Runtime.getRuntime().availableProcessors();

  private final ThreadPoolExecutor threads;

  /** A pool with one thread per core. */
  public WorkerPool() {
    this(COUNT);
  }

  /**
   * @param count number of threads
   */
  public WorkerPool(int count) {
    threads =
        new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
  }

  /**
   * Queues work.
   *
   * @return its result, which is pending
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
