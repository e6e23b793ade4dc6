package dev.retrain.util.concurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * A thread that processes items in the order in which they are put, and all items that accumulated
 * while it was busy at once.
 *
 * <p>Owns the thread; {@link #close()} waits until it has processed all items.
 *
 * @param <T> type of the items
 */
public final class SerialWorker<T> implements AutoCloseable {
  private final BlockingQueue<Runnable> queue;
  private final Consumer<List<T>> work;
  private final Thread thread;

  // Used by the thread only.
  private final List<T> items = new ArrayList<>();
  private boolean ended;

  private volatile Throwable failure;

  /**
   * Starts the thread.
   *
   * @param name name of the thread
   * @param capacity maximum number of queued items; {@link #put} blocks if the queue is full
   * @param work processes one or more items
   */
  public SerialWorker(String name, int capacity, Consumer<List<T>> work) {
    this.work = work;
    queue = new ArrayBlockingQueue<>(capacity);
    thread = new Thread(this::run, name);
    thread.start();
  }

  /**
   * Queues an item.
   *
   * @throws RuntimeException the exception of the work if it has failed; no item is processed after
   *     that
   */
  public void put(T item) {
    check();
    offer(() -> items.add(item));
  }

  private void offer(Runnable step) {
    uninterruptibly(() -> queue.put(step));
  }

  /**
   * Throws the exception of the work if it has failed.
   *
   * @throws RuntimeException the exception of the work
   */
  public void check() {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private void run() {
    List<Runnable> steps = new ArrayList<>();
    while (!ended) {
      steps.clear();
      uninterruptibly(() -> steps.add(queue.take()));
      queue.drainTo(steps);
      steps.forEach(Runnable::run);
      // After a failure, items are removed and dropped, so that no producer blocks.
      if (failure == null && !items.isEmpty()) {
        try {
          work.accept(items);
        } catch (RuntimeException | Error e) {
          // Errors too, because a producer would block forever.
          failure = e;
        }
      }
      items.clear();
    }
  }

  /**
   * Waits until all items are processed; no item may be put afterwards.
   *
   * @throws RuntimeException the exception of the work if it has failed
   */
  public void finish() {
    close();
    check();
  }

  @Override
  public void close() {
    if (thread.isAlive()) {
      offer(() -> ended = true);
    }
    uninterruptibly(thread::join);
  }

  @FunctionalInterface
  private interface BlockingCall {
    void run() throws InterruptedException;
  }

  /** Repeats a call until it is not interrupted, and then restores the interrupt status. */
  private static void uninterruptibly(BlockingCall action) {
    boolean interrupted = false;
    while (true) {
      try {
        action.run();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
