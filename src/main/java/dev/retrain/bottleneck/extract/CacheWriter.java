package dev.retrain.bottleneck.extract;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.cache.BackboneRow;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.extract.BatchExtractor.Computed;
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
 * Writes vectors to the cache on a thread of its own. Each commit includes everything that arrived
 * during the previous one, so a slow disk makes commits larger and does not slow the backbone down.
 *
 * <p>The cache must not be used by others until {@link #finish} or {@link #close()}.
 */
final class CacheWriter implements AutoCloseable {
  /** Batches that may wait to be written. */
  private static final int QUEUE_CAPACITY = 64;

  /** Images, with their vectors unless the cache has them already. */
  private record Item(List<LoadedImage> images, Optional<float[]> vectors, int vectorLength) {}

  private final BottleneckCache cache;
  private final Backbone backbone;
  private final Progress progress;
  private final StageTimer timer;

  // Used by the worker thread only, until it ends.
  private final Map<Path, ContentHash> written = new HashMap<>();
  private Optional<BackboneRow> row = Optional.empty();
  private int computed;

  private final SerialWorker<Item> worker;

  CacheWriter(BottleneckCache cache, Backbone backbone, Progress progress, StageTimer timer) {
    this.cache = cache;
    this.backbone = backbone;
    this.progress = progress;
    this.timer = timer;
    worker = new SerialWorker<>("cache-writer", QUEUE_CAPACITY, this::write);
  }

  /**
   * Queues the vectors of a batch.
   *
   * @throws RuntimeException if writing has failed
   */
  void write(Computed batch) {
    worker.put(new Item(batch.images(), batch.vectors(), batch.vectorLength()));
  }

  /**
   * Queues the hash of a file whose vector is cached or queued.
   *
   * @throws RuntimeException if writing has failed
   */
  void writeHash(LoadedImage image) {
    worker.put(new Item(List.of(image), Optional.empty(), 0));
  }

  private void write(List<Item> items) {
    long start = System.nanoTime();
    Map<Path, ContentHash> hashes = new HashMap<>();
    int vectors = 0;
    for (Item item : items) {
      for (int i = 0; i < item.images().size(); i++) {
        LoadedImage image = item.images().get(i);
        if (item.vectors().isPresent()) {
          cache.putVector(
              row(item.vectorLength()),
              image.known().hash(),
              item.vectors().get(),
              i * item.vectorLength());
          vectors++;
        }
        cache.putImage(image.file().path(), image.known());
        hashes.put(image.file().path(), image.known().hash());
      }
    }
    cache.commit();
    written.putAll(hashes);
    computed += vectors;
    timer.add(Stage.WRITING, start);
    progress.advance(hashes.size());
  }

  private BackboneRow row(int vectorLength) {
    if (row.isEmpty()) {
      row = Optional.of(cache.findOrInsert(backbone.identity(), vectorLength));
    }
    return row.get();
  }

  /**
   * Waits until everything is committed.
   *
   * @throws RuntimeException if writing has failed
   */
  void finish() {
    worker.finish();
  }

  /** The content hashes of the files that have vectors now; call after {@link #finish}. */
  Map<Path, ContentHash> written() {
    return Map.copyOf(written);
  }

  /** The number of vectors written; call after {@link #finish}. */
  int computed() {
    return computed;
  }

  @Override
  public void close() {
    worker.close();
  }
}
