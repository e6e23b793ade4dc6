package dev.retrain.bottleneck.text;

import dev.retrain.backbone.FeatureSpec;
import dev.retrain.bottleneck.cache.BackboneRow;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.ContentHashes;
import dev.retrain.bottleneck.cache.file.VectorReader;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.concurrent.OrderedPrefetch;
import dev.retrain.util.io.AtomicFile;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes vectors of a cache as retrain.py's text files: the vectors of a directory's images, and
 * the vectors that were imported without images.
 *
 * <p>Files are written atomically, by one thread per core.
 */
public final class TextExport {
  private static final int PREFETCHED = 64;

  private final BottleneckCache cache;
  private final FeatureSpec features;
  private final Path directory;
  private final String architecture;
  private final Progress progress;

  private final BackboneRow row;
  private final Set<ContentHash> cached;
  private final Map<String, ContentHash> vectors = new TreeMap<>();
  private int withoutVector;

  private TextExport(
      BottleneckCache cache,
      FeatureSpec features,
      Path directory,
      String architecture,
      Progress progress) {
    this.cache = cache;
    this.features = features;
    this.directory = directory;
    this.architecture = architecture;
    this.progress = progress;
    row = cache.findOrInsert(features.backbone(), features.length());
    cached = cache.usableVectors(features.backbone());
  }

  /**
   * The outcome of an export.
   *
   * @param written files written
   * @param unchanged files that existed with the same content
   * @param withoutVector images that have no vector in the cache
   */
  public record Result(int written, int unchanged, int withoutVector) {}

  /**
   * Exports to a directory.
   *
   * @param cache where vectors are stored
   * @param features the backbone and length of the vectors
   * @param directory where to create the class folders
   * @param architecture suffix of the file names before {@code .txt}; empty for the layout of
   *     retrain.py's first versions
   * @param images the images; absent if there are none
   * @param force whether to overwrite files with other content
   * @param progress receives the number of images and files done, and may cancel the work
   * @return what was written
   * @throws RetrainException if there is no vector, or a file with other content exists and {@code
   *     force} is not set; nothing is written then
   * @throws CancelledException if the user cancelled; the files written so far are complete
   * @throws IOException if a file can't be read or written
   */
  public static Result run(
      BottleneckCache cache,
      FeatureSpec features,
      Path directory,
      String architecture,
      Optional<ImageList> images,
      boolean force,
      Progress progress)
      throws IOException {
    if (cache.entries().stream().noneMatch(e -> e.identity().equals(features.backbone().text()))) {
      throw new RetrainException(
          "The cache %s has no vectors of backbone %s for default values of %s and %s. Vectors"
              + " computed with other values, or with %s, can't be exported.",
          cache.file(),
          features.backbone().name(),
          Setting.PRECISION,
          Setting.JPEG_SCALE,
          Setting.NO_OPTIMIZE);
    }
    TextExport export = new TextExport(cache, features, directory, architecture, progress);
    export.findVectors(images);
    return export.write(force);
  }

  private void findVectors(Optional<ImageList> images) throws IOException {
    for (String name : cache.imported()) {
      if (cached.contains(ContentHash.ofName(name))) {
        vectors.put(name, ContentHash.ofName(name));
      }
    }
    if (images.isPresent()) {
      findImages(images.get().list());
    }
    if (vectors.isEmpty() && images.isEmpty()) {
      throw new RetrainException(
          "The cache %s has no imported vectors of backbone %s. To export those of images, set %s.",
          cache.file(), features.backbone().name(), Setting.IMAGE_DIRECTORY);
    }
    if (vectors.isEmpty()) {
      throw new RetrainException(
          "The cache %s has no vectors of backbone %s for the images in %s. Extract them first.",
          cache.file(), features.backbone().name(), images.get().location().path());
    }
  }

  private void findImages(ImageFolder folder) {
    Map<Path, ContentHash> hashes = ContentHashes.compute(cache, folder, progress);
    for (ImageFile file : folder.files()) {
      ContentHash hash = hashes.get(file.path());
      if (hash != null && cached.contains(hash)) {
        vectors.put(file.name(), hash);
      } else {
        withoutVector++;
      }
    }
  }

  /** A file to write, and its vector. */
  private record Target(Path file, TextVector vector) {
    /** Whether the file exists with this vector. */
    boolean isUnchanged() throws IOException {
      return Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), vector.content());
    }

    /** Writes the file, unless it exists with this vector; returns whether it was written. */
    boolean write() throws IOException {
      if (isUnchanged()) {
        return false;
      }
      AtomicFile.write(file, vector.content());
      return true;
    }
  }

  private Result write(boolean force) throws IOException {
    if (!force) {
      checkConflicts();
    }
    int written = 0;
    progress.begin("Exporting", "vectors", vectors.size());
    try (VectorReader reader = cache.reader(row);
        OrderedPrefetch<Target, Boolean> writers =
            new OrderedPrefetch<>(
                targets(reader, List.copyOf(vectors.keySet())), PREFETCHED, Target::write)) {
      while (writers.hasNext()) {
        checkCancelled(written);
        written += writers.next().result().result() ? 1 : 0;
        progress.advance(1);
      }
    } finally {
      progress.end();
    }
    return new Result(written, vectors.size() - written, withoutVector);
  }

  private void checkConflicts() throws IOException {
    List<String> existing =
        vectors.keySet().stream()
            .filter(name -> Files.exists(TextFolder.file(directory, name, architecture)))
            .toList();
    try (VectorReader reader = cache.reader(row);
        OrderedPrefetch<Target, Boolean> readers =
            new OrderedPrefetch<>(targets(reader, existing), PREFETCHED, Target::isUnchanged)) {
      while (readers.hasNext()) {
        checkCancelled(0);
        var next = readers.next();
        if (!next.result().result()) {
          throw new RetrainException(
              "%s already exists with other content. Choose another directory, or overwrite the"
                  + " file with %s.",
              next.item().file(), Setting.FORCE);
        }
      }
    }
  }

  private Iterator<Target> targets(VectorReader reader, List<String> names) {
    return names.stream()
        .map(
            name -> {
              float[] vector = new float[features.length()];
              if (!reader.read(vectors.get(name), vector, 0)) {
                cache.deleteVectors(row, List.of(vectors.get(name)));
                throw new RetrainException(
                    "The vector of %s in %s was damaged and has been deleted. Extract or import it"
                        + " again.",
                    name, cache.file().getParent());
              }
              return new Target(
                  TextFolder.file(directory, name, architecture), new TextVector(vector));
            })
        .iterator();
  }

  private void checkCancelled(int written) {
    if (progress.cancelled()) {
      throw new CancelledException(
          String.format(
              Locale.ROOT,
              "Interrupted; %s already written to %s.",
              Counted.of(written, "file"),
              directory));
    }
  }
}
