package dev.retrain.bottleneck.extract;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.BottleneckCache.Filed;
import dev.retrain.bottleneck.extract.BatchExtractor.Computed;
import dev.retrain.bottleneck.extract.Extraction.Loaded;
import dev.retrain.bottleneck.extract.StageTimer.Stage;
import dev.retrain.dataset.ContentHash;
import dev.retrain.util.Progress;
import dev.retrain.util.concurrent.SerialWorker;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /** What an image's file was found to be, with the batch's vectors where it was computed. */
  private record Item(List<Loaded> images, Optional<float[]> vectors, int vectorLength) {}

  private final BottleneckCache cache;
  private final Backbone backbone;
  private final Progress progress;
  private final StageTimer clock;

  // The thread's alone while it runs.
  private final Map<Path, ContentHash> written = new HashMap<>();
  private Optional<Filed> filed = Optional.empty();
  private int computed;

  private final SerialWorker<Item> items;

  CacheWriter(BottleneckCache cache, Backbone backbone, Progress progress, StageTimer clock) {
    this.cache = cache;
    this.backbone = backbone;
    this.progress = progress;
    this.clock = clock;
    items = new SerialWorker<>("cache-writer", WAITING, this::write);
  }

  /**
   * Files the vectors of a batch.
   *
   * @throws RuntimeException what the writing has failed with
   */
  void write(Computed batch) {
    items.put(new Item(batch.images(), batch.vectors(), batch.vectorLength()));
  }

  /**
   * Remembers a file whose vector is there, or on its way.
   *
   * @throws RuntimeException what the writing has failed with
   */
  void remember(Loaded loaded) {
    items.put(new Item(List.of(loaded), Optional.empty(), 0));
  }

  private void write(List<Item> batches) {
    long start = System.nanoTime();
    Map<Path, ContentHash> done = new HashMap<>();
    int vectors = 0;
    for (Item item : batches) {
      for (int i = 0; i < item.images().size(); i++) {
        Loaded image = item.images().get(i);
        if (item.vectors().isPresent()) {
          Filed to = filed(item.vectorLength());
          cache.putVector(to, image.known().hash(), item.vectors().get(), i * item.vectorLength());
          vectors++;
        }
        cache.putImage(image.file().path(), image.known());
        done.put(image.file().path(), image.known().hash());
      }
    }
    cache.commit();
    written.putAll(done);
    computed += vectors;
    clock.add(Stage.WRITING, start);
    progress.advance(done.size());
  }

  private Filed filed(int vectorLength) {
    if (filed.isEmpty()) {
      filed = Optional.of(cache.file(backbone.identity(), vectorLength));
    }
    return filed.get();
  }

  /**
   * Waits until everything is committed.
   *
   * @throws RuntimeException what the writing has failed with
   */
  void finish() {
    items.finish();
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
    items.close();
  }
}
