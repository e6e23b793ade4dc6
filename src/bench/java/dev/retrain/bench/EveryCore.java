package dev.retrain.bench;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Work that runs on one thread per core. */
final class EveryCore {
  static final int COUNT = Runtime.getRuntime().availableProcessors();

  private EveryCore() {}

  /** Runs all tasks at once; returns the seconds until the last one has ended. */
  static <T> double seconds(List<Callable<T>> work)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(work.size());
    try {
      Clock clock = Clock.start();
      for (Future<?> done : threads.invokeAll(work)) {
        done.get();
      }
      return clock.seconds();
    } finally {
      threads.shutdown();
    }
  }
}
