package dev.retrain.util.concurrent;

import dev.retrain.util.CancelledException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * The result of work in a {@link WorkerPool}.
 *
 * @param <T> type of the result
 */
public final class PendingResult<T> {
  private final Future<T> future;

  PendingResult(Future<T> future) {
    this.future = future;
  }

  /** Whether the work has completed or failed. */
  public boolean isDone() {
    return future.isDone();
  }

  /**
   * Waits for the result.
   *
   * @throws ExecutionException if the work failed, with its exception as the cause
   * @throws CancelledException if the waiting thread is interrupted
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
   * Waits for the result; throws the unchecked exception or error of the work if it failed with
   * one.
   *
   * @throws IOException if the work failed with it
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

  /** Waits for the result of work without checked exceptions; throws its exception if it failed. */
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
