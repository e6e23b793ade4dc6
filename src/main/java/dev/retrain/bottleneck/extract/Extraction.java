package dev.retrain.bottleneck.extract;

import dev.retrain.backbone.Backbone;
import dev.retrain.backbone.ExecutionConfig;
import dev.retrain.bottleneck.SkippedFiles;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.FileStamp;
import dev.retrain.bottleneck.cache.KnownFile;
import dev.retrain.bottleneck.extract.BatchExtractor.Computed;
import dev.retrain.bottleneck.extract.BatchExtractor.Undecodable;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.concurrent.OrderedPrefetch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Computes the vectors of a folder's images that the cache lacks, and stores them there.
 *
 * <p>Four stages run at the same time, with bounded queues between them:
 *
 * <ol>
 *   <li>several threads read files;
 *   <li>the calling thread assembles batches ({@link BatchAssembler});
 *   <li>one thread per core decodes and runs batches ({@link BatchExtractor});
 *   <li>one thread commits vectors ({@link CacheWriter}).
 * </ol>
 *
 * If every vector is cached, no stage is started.
 */
public final class Extraction {
  private final BottleneckCache cache;
  private final Backbone backbone;
  private final ImageFolder folder;
  private final SkippedFiles skipped;
  private final Progress progress;
  private final StageTimer timer = new StageTimer();

  /** Content hashes of the files that have a vector. */
  private final Map<Path, ContentHash> hashes = new HashMap<>();

  private final Map<ContentHash, Throwable> undecodable = new HashMap<>();

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
    skipped = new SkippedFiles("images", strict);
    this.progress = progress;
  }

  /**
   * Computes the missing vectors.
   *
   * @param cache where vectors are stored
   * @param backbone the backbone
   * @param folder the images
   * @param strict whether to fail at the first unreadable image
   * @param progress receives the number of images done, and may cancel the work
   * @return the images that have vectors now
   * @throws RetrainException if the backbone can't be run, more than a tenth of the images can't be
   *     read, or one can't and {@code strict} is set
   * @throws CancelledException if the user cancelled; all completed batches are cached
   * @throws IOException if the decoder can't be created
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
    Set<ContentHash> cached = cache.usableVectors(backbone.identity());
    List<ImageFile> open = skipUnchanged(cached);
    // The total excludes cached images, which would distort the estimated time.
    progress.begin("Bottlenecks", "images", open.size());
    try {
      if (!open.isEmpty()) {
        compute(open, cached);
      }
    } finally {
      progress.end();
    }
    int files = folder.files().size();
    if (hashes.size() + skipped.list().size() < files) {
      if (!progress.cancelled()) {
        throw new IllegalStateException("images were lost between two stages");
      }
      throw new CancelledException(
          String.format(
              Locale.ROOT,
              "Interrupted; the vectors of %,d of %,d images are cached in %s.",
              hashes.size(),
              files,
              cache.file().getParent()));
    }
    skipped.check(files);
    List<ImageFile> readable =
        folder.files().stream().filter(file -> hashes.containsKey(file.path())).toList();
    return new ExtractionResult(
        readable, hashes, computed, readable.size() - computed, skipped.list());
  }

  /** Records the hashes of unchanged files with cached vectors, and returns the other files. */
  private List<ImageFile> skipUnchanged(Set<ContentHash> cached) {
    Map<String, KnownFile> known = cache.trustedBelow(folder.directory());
    List<ImageFile> files = folder.files();
    List<Optional<ContentHash>> unchanged =
        files.parallelStream()
            .map(
                file ->
                    Optional.ofNullable(known.get(KnownFile.key(file.path())))
                        .filter(before -> cached.contains(before.hash()))
                        .filter(before -> before.stamp().matches(file.path()))
                        .map(KnownFile::hash))
            .toList();
    List<ImageFile> open = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      if (unchanged.get(i).isPresent()) {
        hashes.put(files.get(i).path(), unchanged.get(i).get());
      } else {
        open.add(files.get(i));
      }
    }
    return open;
  }

  private void compute(List<ImageFile> open, Set<ContentHash> cached) throws IOException {
    ExecutionConfig execution = ExecutionConfig.forThisMachine();
    int prefetched = 2 * execution.callers();
    // Closed in reverse order, so that each stage ends after the stage that feeds it.
    try (CacheWriter writer = new CacheWriter(cache, backbone, progress, timer);
        BatchExtractor extractor = new BatchExtractor(backbone, execution, timer);
        OrderedPrefetch<ImageFile, LoadedImage> files =
            new OrderedPrefetch<>(open.iterator(), prefetched * execution.batch(), this::load)) {
      BatchAssembler batches =
          new BatchAssembler(files, execution.batch(), cached, writer, progress, this::skip);
      try (OrderedPrefetch<List<LoadedImage>, Computed> running =
          new OrderedPrefetch<>(batches, prefetched, extractor::compute)) {
        while (running.hasNext()) {
          write(running.next().result().join(), writer);
        }
      }
      if (!progress.cancelled()) {
        batches.duplicates().forEach(duplicate -> writeDuplicate(duplicate, writer));
      }
      writer.finish();
      hashes.putAll(writer.written());
      computed = writer.computed();
    }
    timer.log(execution.callers());
  }

  private LoadedImage load(ImageFile file) throws IOException {
    FileStamp stamp = FileStamp.readBeforeContent(file.path());
    long reading = System.nanoTime();
    byte[] content = Files.readAllBytes(file.path());
    KnownFile known = new KnownFile(stamp, ContentHash.of(content));
    timer.add(StageTimer.Stage.READING, reading);
    return new LoadedImage(file, known, Optional.of(content));
  }

  private void write(Computed batch, CacheWriter writer) {
    if (!batch.images().isEmpty()) {
      writer.write(batch);
    }
    for (Undecodable failed : batch.undecodable()) {
      undecodable.put(failed.image().known().hash(), failed.reason());
      skip(failed.image().file(), failed.reason());
    }
  }

  private void writeDuplicate(LoadedImage duplicate, CacheWriter writer) {
    Throwable reason = undecodable.get(duplicate.known().hash());
    if (reason == null) {
      writer.writeHash(duplicate);
    } else {
      skip(duplicate.file(), reason);
    }
  }

  private void skip(ImageFile file, Throwable cause) {
    skipped.add(file.path(), cause);
    progress.advance(1);
  }
}
