package dev.retrain.bottleneck.extract;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.ExecutionConfig;
import dev.retrain.bottleneck.SkippedFiles;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.BottleneckCache.Known;
import dev.retrain.bottleneck.cache.FileStamp;
import dev.retrain.bottleneck.extract.BatchExtractor.Broken;
import dev.retrain.bottleneck.extract.BatchExtractor.Computed;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.concurrent.OrderedPrefetch;
import dev.retrain.util.concurrent.OrderedPrefetch.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Fills the cache: the vectors of all images of a folder that it does not hold yet.
 *
 * <p>Four stages run at once, with bounded queues between them: some threads read files; this one
 * collects batches, always in the order of the folder, so that the same images meet in a batch
 * whatever the speed of the others; a thread a core decodes and runs batches ({@link
 * BatchExtractor}); {@link CacheWriter} commits what came out. Where every vector is there already,
 * none of this is started.
 */
public final class Extraction {
  private final BottleneckCache cache;
  private final Backbone backbone;
  private final ImageFolder folder;
  private final SkippedFiles leftOut;
  private final Progress progress;
  private final StageTimer clock = new StageTimer();

  /** Images whose vector is in the cache, or on its way there. */
  private final Set<ContentHash> there = new HashSet<>();

  private final Map<Path, ContentHash> hashes = new HashMap<>();

  /** Contents that can't be decoded. */
  private final Map<ContentHash, Throwable> unreadable = new HashMap<>();

  private int computed;

  private Extraction(
      BottleneckCache cache,
      Backbone backbone,
      ImageFolder folder,
      boolean strict,
      Progress progress) {
    this.cache = cache;
    this.backbone = backbone;
    this.folder = folder;
    leftOut = new SkippedFiles("images", strict);
    this.progress = progress;
  }

  /**
   * Computes what is missing.
   *
   * @param cache where vectors are kept
   * @param backbone the network
   * @param folder the images
   * @param strict whether one broken image is a failure
   * @param progress is told of every image, and may stop the work
   * @return which images have vectors now
   * @throws RetrainException where the network can't be run, an image is broken and {@code strict}
   *     is set, or more than a tenth are
   * @throws CancelledException where the user stopped it; every batch that was done is kept
   * @throws IOException where the decoder can't be made
   */
  public static ExtractionResult run(
      BottleneckCache cache,
      Backbone backbone,
      ImageFolder folder,
      boolean strict,
      Progress progress)
      throws IOException {
    return new Extraction(cache, backbone, folder, strict, progress).run();
  }

  private ExtractionResult run() throws IOException {
    cache.find(backbone.identity()).ifPresent(filed -> there.addAll(cache.records(filed).keySet()));
    Map<String, Known> known = cache.imagesBelow(folder.directory());
    List<ImageFile> open = unknown(known);
    // What is there already would make the rest look as fast.
    progress.begin("Bottlenecks", "images", open.size());
    try {
      if (!open.isEmpty()) {
        compute(open);
      }
    } finally {
      progress.end();
    }
    int files = folder.files().size();
    if (hashes.size() + leftOut.list().size() < files) {
      if (!progress.cancelled()) {
        throw new IllegalStateException("images were lost between two stages");
      }
      throw new CancelledException(
          "Interrupted: the vectors of %,d of %,d images are kept in %s."
              .formatted(hashes.size(), files, cache.file().getParent()));
    }
    leftOut.check(files);
    List<ImageFile> readable =
        folder.files().stream().filter(file -> hashes.containsKey(file.path())).toList();
    return new ExtractionResult(
        readable, hashes, computed, readable.size() - computed, leftOut.list());
  }

  /** The files that the cache can't tell by their size and time; all others are done with. */
  private List<ImageFile> unknown(Map<String, Known> known) {
    List<ImageFile> files = folder.files();
    List<Optional<ContentHash>> found =
        files.parallelStream()
            .map(
                file ->
                    Optional.ofNullable(known.get(BottleneckCache.key(file.path())))
                        .filter(before -> there.contains(before.hash()))
                        .filter(before -> before.stamp().isOf(file.path()))
                        .map(Known::hash))
            .toList();
    List<ImageFile> open = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      if (found.get(i).isPresent()) {
        hashes.put(files.get(i).path(), found.get(i).get());
      } else {
        open.add(files.get(i));
      }
    }
    return open;
  }

  /** A file, read: its hash, and its content unless its vector is there already. */
  record Loaded(ImageFile file, Known known, Optional<byte[]> content) {
    /** The same, its content forgotten: it is done with. */
    Loaded withoutContent() {
      return new Loaded(file, known, Optional.empty());
    }
  }

  private void compute(List<ImageFile> open) throws IOException {
    ExecutionConfig execution = ExecutionConfig.ofThisMachine();
    int ahead = 2 * execution.callers();
    // Closed in the reverse order: each stage ends when the one before it has.
    try (CacheWriter writer = new CacheWriter(cache, backbone, progress, clock);
        BatchExtractor network = new BatchExtractor(backbone, execution, clock);
        OrderedPrefetch<ImageFile, Loaded> files =
            new OrderedPrefetch<>(open.iterator(), ahead * execution.batch(), this::load)) {
      Batches batches = new Batches(files, execution.batch(), writer);
      try (OrderedPrefetch<List<Loaded>, Computed> running =
          new OrderedPrefetch<>(batches, ahead, network::compute)) {
        while (running.hasNext()) {
          file(running.next(), writer);
        }
      }
      if (!progress.cancelled()) {
        batches.twins.forEach(twin -> fileTwin(twin, writer));
      }
      writer.finish();
      hashes.putAll(writer.written());
      computed = writer.computed();
    }
    clock.log(execution.callers());
  }

  private Loaded load(ImageFile file) throws IOException {
    // The stamp before the content: a change in between is seen by the next run.
    FileStamp stamp = FileStamp.read(file.path());
    long reading = System.nanoTime();
    byte[] content = Files.readAllBytes(file.path());
    Known known = new Known(stamp, ContentHash.of(content));
    clock.add(StageTimer.Stage.READING, reading);
    return new Loaded(file, known, Optional.of(content));
  }

  /** Batches of the images to compute, in their order; what needs none is dealt with here. */
  private final class Batches implements Iterator<List<Loaded>> {
    private final OrderedPrefetch<ImageFile, Loaded> files;
    private final int size;
    private final CacheWriter writer;

    /** What is in the cache, of which a file need only be remembered. */
    private final Set<ContentHash> before = Set.copyOf(there);

    /** Files of the same content as one that is being computed. */
    private final List<Loaded> twins = new ArrayList<>();

    /** The next batch, once it is asked for: a wish to stop does not take it back. */
    private List<Loaded> next = List.of();

    Batches(OrderedPrefetch<ImageFile, Loaded> files, int size, CacheWriter writer) {
      this.files = files;
      this.size = size;
      this.writer = writer;
    }

    @Override
    public boolean hasNext() {
      if (next.isEmpty()) {
        List<Loaded> batch = new ArrayList<>();
        while (batch.size() < size && files.hasNext() && !progress.cancelled()) {
          Taken<ImageFile, Loaded> taken = files.next();
          try {
            add(taken.result().outcome(), batch);
          } catch (ExecutionException e) {
            leaveOut(taken.item(), e.getCause());
          }
        }
        next = progress.cancelled() ? List.of() : batch;
      }
      return !next.isEmpty();
    }

    private void add(Loaded loaded, List<Loaded> batch) {
      ContentHash hash = loaded.known().hash();
      if (there.add(hash)) {
        batch.add(loaded);
      } else if (before.contains(hash)) {
        writer.remember(loaded.withoutContent());
      } else {
        twins.add(loaded.withoutContent());
      }
    }

    @Override
    public List<Loaded> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      List<Loaded> batch = next;
      next = List.of();
      return batch;
    }
  }

  private void file(Taken<List<Loaded>, Computed> taken, CacheWriter writer) {
    Computed done = taken.result().join();
    if (!done.images().isEmpty()) {
      writer.write(done);
    }
    for (Broken broken : done.broken()) {
      unreadable.put(broken.image().known().hash(), broken.reason());
      leaveOut(broken.image().file(), broken.reason());
    }
  }

  private void fileTwin(Loaded twin, CacheWriter writer) {
    Throwable reason = unreadable.get(twin.known().hash());
    if (reason == null) {
      writer.remember(twin);
    } else {
      leaveOut(twin.file(), reason);
    }
  }

  private void leaveOut(ImageFile file, Throwable cause) {
    leftOut.add(file.path(), cause);
    progress.advance(1);
  }
}
