package dev.retrain.util.concurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * A thread of its own for one stage of work: takes items in the order they are put, as many at once
 * as have come together while it was busy.
 *
 * <p>Owns the thread; {@link #close()} ends it once every item is taken.
 *
 * @param <T> the items
 */
public final class SerialWorker<T> implements AutoCloseable {
  private final BlockingQueue<Runnable> waiting;
  private final Consumer<List<T>> work;
  private final Thread thread;

  // The thread's alone.
  private final List<T> items = new ArrayList<>();
  private boolean ended;

  private volatile Throwable failure;

  /**
   * Starts the thread.
   *
   * @param name its name
   * @param room how many items may wait; more make {@link #put} wait
   * @param work what is done with the items, at least one at once
   */
  public SerialWorker(String name, int room, Consumer<List<T>> work) {
    this.work = work;
    waiting = new ArrayBlockingQueue<>(room);
    thread = new Thread(this::run, name);
    thread.start();
  }

  /**
   * Hands over an item, for the thread.
   *
   * @param item the item
   * @throws RuntimeException what the work has failed with; nothing is done after that
   */
  public void put(T item) {
    check();
    offer(() -> items.add(item));
  }

  private void offer(Runnable step) {
    uninterruptibly(() -> waiting.put(step));
  }

  /**
   * Tells of a failure.
   *
   * @throws RuntimeException what the work has failed with
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
      uninterruptibly(() -> steps.add(waiting.take()));
      waiting.drainTo(steps);
      steps.forEach(Runnable::run);
      // After a failure, items are taken and dropped, so that nobody waits for room.
      if (failure == null && !items.isEmpty()) {
        try {
          work.accept(items);
        } catch (RuntimeException | Error e) {
          // An error, too: who waits for room would wait forever.
          failure = e;
        }
      }
      items.clear();
    }
  }

  /**
   * Waits until every item is done; nothing may be put afterwards.
   *
   * @throws RuntimeException what the work has failed with
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
  private interface Waiting {
    void run() throws InterruptedException;
  }

  /** Waits to the end; an interruption is kept for the caller. */
  private static void uninterruptibly(Waiting action) {
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
