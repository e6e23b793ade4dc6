package dev.retrain.bottleneck;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.BottleneckCache.Known;
import dev.retrain.bottleneck.Extraction.Loaded;
import dev.retrain.bottleneck.StageClock.Stage;
import dev.retrain.work.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The stage that puts vectors into the cache: a thread of its own, which commits whatever has come
 * together while it was at the last commit. So a slow disk makes commits larger, not the network
 * slower.
 *
 * <p>While it runs, the cache is its alone.
 */
final class CacheWriter implements AutoCloseable {
  /** Batches that may wait to be written. */
  private static final int WAITING = 64;

  /** What a picture's file was found to be, with the batch's vectors where it was computed. */
  private record Item(List<Loaded> pictures, Optional<float[]> vectors, int vectorLength) {
    static final Item LAST = new Item(List.of(), Optional.empty(), 0);
  }

  private final BottleneckCache cache;
  private final Backbone backbone;
  private final Progress progress;
  private final StageClock clock;
  private final BlockingQueue<Item> waiting = new ArrayBlockingQueue<>(WAITING);
  private final Thread thread = new Thread(this::writeAll, "cache-writer");

  // The thread's alone while it runs.
  private final Map<Path, ContentHash> written = new HashMap<>();
  private OptionalLong backboneId = OptionalLong.empty();
  private int computed;

  private volatile RuntimeException failure;

  CacheWriter(BottleneckCache cache, Backbone backbone, Progress progress, StageClock clock) {
    this.cache = cache;
    this.backbone = backbone;
    this.progress = progress;
    this.clock = clock;
    thread.start();
  }

  /** Files the vectors of a batch, [batch, vectorLength], flat. */
  void write(List<Loaded> batch, float[] vectors, int vectorLength) {
    put(new Item(batch, Optional.of(vectors), vectorLength));
  }

  /** Remembers a file whose vector is there, or on its way. */
  void remember(Loaded loaded) {
    put(new Item(List.of(loaded), Optional.empty(), 0));
  }

  private void put(Item item) {
    boolean interrupted = false;
    while (true) {
      try {
        waiting.put(item);
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Tells of a failure.
   *
   * @throws RuntimeException what the writing has failed with
   */
  void check() {
    if (failure != null) {
      throw failure;
    }
  }

  private void writeAll() {
    List<Item> items = new ArrayList<>();
    boolean last = false;
    while (!last) {
      items.clear();
      try {
        items.add(waiting.take());
      } catch (InterruptedException e) {
        // Nobody interrupts this thread; it ends with the last item.
        continue;
      }
      waiting.drainTo(items);
      last = items.contains(Item.LAST);
      // After a failure, items are taken and dropped, so that nobody waits for room.
      if (failure == null) {
        try {
          write(items);
        } catch (RuntimeException e) {
          failure = e;
        }
      }
    }
  }

  private void write(List<Item> items) {
    long start = System.nanoTime();
    Map<Path, ContentHash> done = new HashMap<>();
    int vectors = 0;
    for (Item item : items) {
      for (int i = 0; i < item.pictures().size(); i++) {
        Loaded picture = item.pictures().get(i);
        if (item.vectors().isPresent()) {
          int length = item.vectorLength();
          cache.putVector(
              backboneId(length), picture.known().hash(), item.vectors().get(), i * length, length);
          vectors++;
        }
        remember(picture.file().path(), picture.known());
        done.put(picture.file().path(), picture.known().hash());
      }
    }
    cache.commit();
    written.putAll(done);
    computed += vectors;
    clock.add(Stage.WRITING, start);
    progress.advance(done.size());
  }

  private long backboneId(int vectorLength) {
    if (backboneId.isEmpty()) {
      backboneId = OptionalLong.of(cache.backboneId(backbone, vectorLength));
    }
    return backboneId.getAsLong();
  }

  private void remember(Path path, Known known) {
    // Where the locale can't spell a name, two files may share one: then only the content tells.
    if (path.toString().indexOf('\uFFFD') < 0) {
      cache.putPicture(path, known);
    }
  }

  /** Waits until everything is committed. */
  void finish() {
    close();
    check();
  }

  /** The files that have vectors now, and the hashes these are filed under; after the end. */
  Map<Path, ContentHash> written() {
    return Map.copyOf(written);
  }

  /** How many vectors were put; after the end. */
  int computed() {
    return computed;
  }

  @Override
  public void close() {
    if (thread.isAlive()) {
      put(Item.LAST);
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
