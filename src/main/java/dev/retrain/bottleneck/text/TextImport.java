package dev.retrain.bottleneck.text;

import dev.retrain.backbone.FeatureSpec;
import dev.retrain.bottleneck.SkippedFiles;
import dev.retrain.bottleneck.UnreadableVectorException;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.BottleneckCache.Filed;
import dev.retrain.bottleneck.cache.BottleneckCache.Known;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.image.SkippedFile;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.concurrent.OrderedPrefetch;
import dev.retrain.util.concurrent.OrderedPrefetch.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Files the vectors of retrain.py's text files in a cache.
 *
 * <p>A vector whose image is there is filed under the image's content, as if it had been computed:
 * nothing tells whether the image has changed since retrain.py read it. One whose image is not
 * there is filed under its name. A vector that is there already stays.
 *
 * <p>Files are read by a thread a core, ahead by a bounded number; every {@value #BATCH} are
 * committed.
 */
public final class TextImport {
  /** Files from one commit to the next. */
  static final int BATCH = 256;

  private static final int AHEAD = 64;

  private final BottleneckCache cache;
  private final FeatureSpec kind;
  private final Optional<Path> imageDir;
  private final Progress progress;
  private final SkippedFiles leftOut;
  private final Filed filed;
  private final Set<ContentHash> cached;
  private final Map<String, Known> known;

  private int imported;
  private int alreadyThere;
  private int withoutImage;

  private TextImport(
      BottleneckCache cache,
      FeatureSpec kind,
      Optional<Path> imageDir,
      boolean strict,
      Progress progress) {
    this.cache = cache;
    this.kind = kind;
    this.imageDir = imageDir;
    this.progress = progress;
    leftOut = new SkippedFiles("vector files", strict);
    filed = cache.file(kind.backbone(), kind.length());
    cached = new HashSet<>(cache.records(filed).keySet());
    known = imageDir.map(cache::imagesBelow).orElse(Map.of());
  }

  /**
   * What an import did.
   *
   * @param imported vectors that are new in the cache
   * @param alreadyThere vectors whose place was taken already
   * @param withoutImage how many of both have no image
   * @param skipped files that can't be used
   */
  public record Result(
      int imported, int alreadyThere, int withoutImage, List<SkippedFile> skipped) {
    /** Copies the list. */
    public Result {
      skipped = List.copyOf(skipped);
    }
  }

  /**
   * Imports a directory.
   *
   * @param cache where vectors are kept
   * @param kind whose vectors they are, and how long
   * @param text the text files
   * @param imageDir the directory of their images; absent where there is none
   * @param strict whether one broken file is a failure
   * @param progress is told of every file, and may stop the work
   * @return what was done
   * @throws RetrainException where a file is broken and {@code strict} is set, or more than a tenth
   *     are
   * @throws CancelledException where the user stopped it; what was read is kept
   */
  public static Result run(
      BottleneckCache cache,
      FeatureSpec kind,
      TextFolder text,
      Optional<Path> imageDir,
      boolean strict,
      Progress progress) {
    return new TextImport(cache, kind, imageDir, strict, progress).run(text.folder().files());
  }

  /** A vector, and its image as it is now. */
  private record Loaded(TextVector vector, Optional<Known> image) {}

  private Result run(List<ImageFile> files) {
    progress.begin("Importing", "vectors", files.size());
    try (OrderedPrefetch<ImageFile, Loaded> readers =
        new OrderedPrefetch<>(files.iterator(), AHEAD, this::load)) {
      for (int done = 0; readers.hasNext(); done++) {
        if (done % BATCH == 0) {
          cache.commit();
        }
        if (progress.cancelled()) {
          cache.commit();
          throw new CancelledException(
              "Interrupted: the vectors of %,d of %,d files are kept in %s."
                  .formatted(done - leftOut.list().size(), files.size(), cache.file()));
        }
        take(readers.next());
        progress.advance(1);
      }
      cache.commit();
      leftOut.check(files.size());
      return new Result(imported, alreadyThere, withoutImage, leftOut.list());
    } finally {
      progress.end();
    }
  }

  private Loaded load(ImageFile file) throws IOException, UnreadableVectorException {
    TextVector vector = TextVector.parse(TextVector.content(file.path()));
    vector.checkLength(kind.length());
    Optional<Path> image = image(file).filter(Files::isRegularFile);
    return new Loaded(
        vector,
        image.isEmpty()
            ? Optional.empty()
            : Optional.of(Known.now(image.get(), before(image.get()))));
  }

  private Optional<Path> image(ImageFile file) {
    return imageDir.map(directory -> directory.resolve(file.name()));
  }

  private Known before(Path image) {
    return known.get(BottleneckCache.key(image));
  }

  private void take(Taken<ImageFile, Loaded> taken) {
    ImageFile file = taken.item();
    try {
      Loaded loaded = taken.result().outcome();
      if (loaded.image().isPresent()) {
        Path image = image(file).orElseThrow();
        if (!loaded.image().get().equals(before(image))) {
          cache.putImage(image, loaded.image().get());
        }
        put(loaded.image().get().hash(), loaded.vector());
      } else {
        withoutImage++;
        cache.putImported(file.name());
        put(ContentHash.ofName(file.name()), loaded.vector());
      }
    } catch (ExecutionException e) {
      leftOut.add(file.path(), e.getCause());
    }
  }

  private void put(ContentHash hash, TextVector vector) {
    if (cached.add(hash)) {
      cache.putVector(filed, hash, vector.values(), 0);
      imported++;
    } else {
      alreadyThere++;
    }
  }
}
