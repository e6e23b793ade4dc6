package dev.retrain.util.concurrent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Work on many items by a thread a core, a bounded number of them ahead of the one who takes the
 * results; these come in the items' order.
 *
 * <p>Owns its threads; {@link #close()} waits until none of them works.
 *
 * @param <T> an item
 * @param <R> what is made of it
 */
public final class OrderedPrefetch<T, R> implements AutoCloseable {
  /** What is done with an item, on any thread. */
  @FunctionalInterface
  public interface Work<T, R> {
    R apply(T item) throws Exception;
  }

  /** An item, and what is or will be made of it. */
  public record Taken<T, R>(T item, PendingResult<R> made) {}

  private final Iterator<? extends T> items;
  private final Work<T, R> work;
  private final int ahead;
  private final Deque<Taken<T, R>> pending = new ArrayDeque<>();
  private final WorkerPool threads = new WorkerPool();

  /**
   * @param items the items; asked for the next one by the thread that takes results
   * @param ahead how many may be worked on, or wait to be taken
   * @param work what is done with each
   */
  public OrderedPrefetch(Iterator<? extends T> items, int ahead, Work<T, R> work) {
    this.items = items;
    this.ahead = ahead;
    this.work = work;
  }

  /** Whether there is another item to take. */
  public boolean hasNext() {
    return items.hasNext() || !pending.isEmpty();
  }

  /** Takes the next item. */
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
