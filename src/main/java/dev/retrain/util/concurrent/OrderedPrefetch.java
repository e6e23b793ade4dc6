package dev.retrain.util.concurrent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Processes items with one thread per core, a bounded number of items ahead of the consumer, and
 * returns the results in the order of the items.
 *
 * <p>Owns its threads; {@link #close()} waits until all of them are idle.
 *
 * @param <T> type of the items
 * @param <R> type of the results
 */
public final class OrderedPrefetch<T, R> implements AutoCloseable {
  /** Processes an item, on any thread. */
  @FunctionalInterface
  public interface Work<T, R> {
    R apply(T item) throws Exception;
  }

  /** An item and its result, which may be pending. */
  public record Taken<T, R>(T item, PendingResult<R> result) {}

  private final Iterator<? extends T> items;
  private final Work<T, R> work;
  private final int ahead;
  private final Deque<Taken<T, R>> pending = new ArrayDeque<>();
  private final WorkerPool threads = new WorkerPool();

  /**
   * @param items the items; only the thread that calls {@link #next} uses the iterator
   * @param ahead maximum number of items that are processed or wait for the consumer
   * @param work processes an item
   */
  public OrderedPrefetch(Iterator<? extends T> items, int ahead, Work<T, R> work) {
    this.items = items;
    this.ahead = ahead;
    this.work = work;
  }

  /** Whether there is another item. */
  public boolean hasNext() {
    return items.hasNext() || !pending.isEmpty();
  }

  /** Returns the next item, whose result may be pending. */
  public Taken<T, R> next() {
    while (pending.size() < ahead && items.hasNext()) {
      T item = items.next();
      pending.add(new Taken<>(item, threads.submit(() -> work.apply(item))));
    }
    return pending.remove();
  }

  @Override
  public void close() {
    threads.close();
  }
}
