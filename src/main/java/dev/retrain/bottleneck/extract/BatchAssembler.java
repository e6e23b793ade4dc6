package dev.retrain.bottleneck.extract;

import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.util.Progress;
import dev.retrain.util.concurrent.OrderedPrefetch;
import dev.retrain.util.concurrent.OrderedPrefetch.Taken;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;

/**
 * Assembles batches of the images whose vectors must be computed, always in the order of the files,
 * so that the same images form a batch however fast the other stages are. Ends when the user
 * cancels.
 */
final class BatchAssembler implements Iterator<List<LoadedImage>> {
  private final OrderedPrefetch<ImageFile, LoadedImage> files;
  private final int size;
  private final Set<ContentHash> cached;
  private final CacheWriter writer;
  private final Progress progress;
  private final BiConsumer<ImageFile, Throwable> skip;

  private final Set<ContentHash> batched = new HashSet<>();
  private final List<LoadedImage> duplicates = new ArrayList<>();

  // The next batch once it is assembled; cancelling does not drop it.
  private List<LoadedImage> next = List.of();

  /**
   * @param files files with unknown hashes, being read
   * @param size images in a batch
   * @param cached images whose vectors are cached; only the hashes of such files are written
   * @param writer writes these hashes
   * @param progress may cancel the work
   * @param skip called for each file that can't be read
   */
  BatchAssembler(
      OrderedPrefetch<ImageFile, LoadedImage> files,
      int size,
      Set<ContentHash> cached,
      CacheWriter writer,
      Progress progress,
      BiConsumer<ImageFile, Throwable> skip) {
    this.files = files;
    this.size = size;
    this.cached = cached;
    this.writer = writer;
    this.progress = progress;
    this.skip = skip;
  }

  @Override
  public boolean hasNext() {
    if (next.isEmpty()) {
      List<LoadedImage> batch = new ArrayList<>();
      while (batch.size() < size && files.hasNext() && !progress.cancelled()) {
        Taken<ImageFile, LoadedImage> prefetched = files.next();
        try {
          add(prefetched.result().outcome(), batch);
        } catch (ExecutionException e) {
          skip.accept(prefetched.item(), e.getCause());
        }
      }
      next = progress.cancelled() ? List.of() : batch;
    }
    return !next.isEmpty();
  }

  private void add(LoadedImage image, List<LoadedImage> batch) {
    ContentHash hash = image.known().hash();
    if (cached.contains(hash)) {
      writer.writeHash(image.withoutContent());
    } else if (batched.add(hash)) {
      batch.add(image);
    } else {
      duplicates.add(image.withoutContent());
    }
  }

  @Override
  public List<LoadedImage> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    List<LoadedImage> batch = next;
    next = List.of();
    return batch;
  }

  /** Files with the same content as an image in an earlier position of the batches so far. */
  List<LoadedImage> duplicates() {
    return List.copyOf(duplicates);
  }
}
