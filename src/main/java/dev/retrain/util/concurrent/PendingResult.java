package dev.retrain.util.concurrent;

import dev.retrain.util.CancelledException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Work that was handed to {@link WorkerPool}, and what it gives.
 *
 * @param <T> what it gives
 */
public final class PendingResult<T> {
  private final Future<T> future;

  PendingResult(Future<T> future) {
    this.future = future;
  }

  /** Whether it has ended, one way or the other. */
  public boolean isDone() {
    return future.isDone();
  }

  /**
   * Waits for it.
   *
   * @throws ExecutionException where it failed, for those whom the cause tells what to do
   * @throws CancelledException where the waiting thread is interrupted
   */
  public T outcome() throws ExecutionException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("Interrupted.");
    }
  }

  /**
   * Waits for it.
   *
   * @throws IOException where it failed with one; of unchecked exceptions and errors, any
   */
  public T result() throws IOException {
    try {
      return outcome();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw unchecked(e);
    }
  }

  /** Waits for work that throws nothing checked; throws what it threw. */
  public T join() {
    try {
      return outcome();
    } catch (ExecutionException e) {
      throw unchecked(e);
    }
  }

  private static RuntimeException unchecked(ExecutionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof RuntimeException exception
        ? exception
        : new IllegalStateException(e.getCause());
  }
}
