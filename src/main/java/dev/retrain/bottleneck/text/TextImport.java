package dev.retrain.bottleneck.text;

import dev.retrain.backbone.FeatureSpec;
import dev.retrain.bottleneck.SkippedFiles;
import dev.retrain.bottleneck.UnreadableVectorException;
import dev.retrain.bottleneck.cache.BackboneRow;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.KnownFile;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.image.SkippedFile;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.concurrent.OrderedPrefetch;
import dev.retrain.util.concurrent.OrderedPrefetch.Taken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Imports the vectors of retrain.py's text files into a cache.
 *
 * <p>If the image exists, its vector is keyed by the image's content, as a computed vector is; an
 * image that has changed since retrain.py read it can't be detected. If the image does not exist,
 * its vector is keyed by its name. Vectors that are already cached are not replaced.
 *
 * <p>One thread per core reads files; the cache is committed every {@value #BATCH} files.
 */
public final class TextImport {
  /** Files per commit. */
  static final int BATCH = 256;

  private static final int PREFETCHED = 64;

  private final BottleneckCache cache;
  private final FeatureSpec features;
  private final NamedImages images;
  private final Progress progress;
  private final SkippedFiles skipped;
  private final BackboneRow row;
  private final Set<ContentHash> cached;
  private final Map<String, KnownFile> known;

  private int imported;
  private int alreadyThere;
  private int withoutImage;

  private TextImport(
      BottleneckCache cache,
      FeatureSpec features,
      NamedImages images,
      boolean strict,
      Progress progress) {
    this.cache = cache;
    this.features = features;
    this.images = images;
    this.progress = progress;
    skipped = new SkippedFiles("vector files", strict);
    row = cache.findOrInsert(features.backbone(), features.length());
    cached = new HashSet<>(cache.usableVectors(features.backbone()));
    known = images.directory().map(cache::trustedBelow).orElse(Map.of());
  }

  /**
   * The outcome of an import.
   *
   * @param imported vectors added to the cache
   * @param alreadyThere vectors whose image has a vector in the cache already
   * @param withoutImage how many of both have no image
   * @param skipped files that can't be used
   */
  public record Result(
      int imported, int alreadyThere, int withoutImage, List<SkippedFile> skipped) {
    public Result {
      skipped = List.copyOf(skipped);
    }
  }

  /**
   * Imports a directory.
   *
   * @param cache where vectors are stored
   * @param features the backbone and length of the vectors
   * @param text the text files
   * @param images their images
   * @param strict whether to fail at the first invalid file
   * @param progress receives the number of files done, and may cancel the work
   * @return what was imported
   * @throws RetrainException if more than a tenth of the files are invalid, or one is and {@code
   *     strict} is set
   * @throws CancelledException if the user cancelled; the vectors read so far are cached
   */
  public static Result run(
      BottleneckCache cache,
      FeatureSpec features,
      TextFolder text,
      NamedImages images,
      boolean strict,
      Progress progress) {
    return new TextImport(cache, features, images, strict, progress).run(text.folder().files());
  }

  /** A vector, and its image if it exists. */
  private record Loaded(TextVector vector, Optional<LoadedImage> image) {}

  private record LoadedImage(Path path, KnownFile file) {}

  private Result run(List<ImageFile> files) {
    progress.begin("Importing", "vectors", files.size());
    try (OrderedPrefetch<ImageFile, Loaded> readers =
        new OrderedPrefetch<>(files.iterator(), PREFETCHED, this::load)) {
      for (int done = 0; readers.hasNext(); done++) {
        if (done % BATCH == 0) {
          cache.commit();
        }
        if (progress.cancelled()) {
          cache.commit();
          throw new CancelledException(
              String.format(
                  Locale.ROOT,
                  "Interrupted; the vectors of %,d of %,d files are cached in %s.",
                  done - skipped.list().size(),
                  files.size(),
                  cache.file()));
        }
        add(readers.next());
        progress.advance(1);
      }
      cache.commit();
      skipped.check(files.size());
      return new Result(imported, alreadyThere, withoutImage, skipped.list());
    } finally {
      progress.end();
    }
  }

  private Loaded load(ImageFile file) throws IOException, UnreadableVectorException {
    TextVector vector = TextVector.parse(TextVector.read(file.path()));
    vector.checkLength(features.length());
    Optional<Path> image = images.find(file.name());
    return new Loaded(
        vector,
        image.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new LoadedImage(image.get(), KnownFile.refresh(image.get(), cached(image.get())))));
  }

  private KnownFile cached(Path image) {
    return known.get(KnownFile.key(image));
  }

  private void add(Taken<ImageFile, Loaded> prefetched) {
    ImageFile file = prefetched.item();
    try {
      Loaded loaded = prefetched.result().outcome();
      if (loaded.image().isPresent()) {
        LoadedImage image = loaded.image().get();
        if (!image.file().equals(cached(image.path()))) {
          cache.putImage(image.path(), image.file());
        }
        put(image.file().hash(), loaded.vector());
      } else {
        withoutImage++;
        cache.putImported(file.name());
        put(ContentHash.ofName(file.name()), loaded.vector());
      }
    } catch (ExecutionException e) {
      skipped.add(file.path(), e.getCause());
    }
  }

  private void put(ContentHash hash, TextVector vector) {
    if (cached.add(hash)) {
      cache.putVector(row, hash, vector.values(), 0);
      imported++;
    } else {
      alreadyThere++;
    }
  }
}
