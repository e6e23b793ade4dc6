package dev.retrain.bottleneck.text;

import dev.retrain.backbone.FeatureSpec;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.BottleneckCache.Filed;
import dev.retrain.bottleneck.cache.ContentHashes;
import dev.retrain.bottleneck.cache.VectorReader;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.concurrent.OrderedPrefetch;
import dev.retrain.util.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes vectors of a cache as retrain.py's text files: those of the images of a directory, and
 * those that were imported without images.
 *
 * <p>Every file is whole or absent. They are written by a thread a core; vectors are read ahead of
 * them by a bounded number.
 */
public final class TextExport {
  private static final int AHEAD = 64;

  private final BottleneckCache cache;
  private final FeatureSpec kind;
  private final Path directory;
  private final String architecture;
  private final Progress progress;

  private final Filed filed;
  private final Set<ContentHash> cached;
  private final Map<String, ContentHash> vectors = new TreeMap<>();
  private int withoutVector;

  private TextExport(
      BottleneckCache cache,
      FeatureSpec kind,
      Path directory,
      String architecture,
      Progress progress) {
    this.cache = cache;
    this.kind = kind;
    this.directory = directory;
    this.architecture = architecture;
    this.progress = progress;
    filed = cache.file(kind.backbone(), kind.length());
    cached = cache.records(filed).keySet();
  }

  /**
   * What an export did.
   *
   * @param written files written
   * @param unchanged files that were there already, just so
   * @param withoutVector images that have no vector in the cache
   */
  public record Result(int written, int unchanged, int withoutVector) {}

  /**
   * Exports to a directory.
   *
   * @param cache where vectors are kept
   * @param kind which vectors
   * @param directory where the class folders go
   * @param architecture what ends the files' names before {@code .txt}; empty for retrain.py's
   *     oldest layout
   * @param imageDir the directory of the images; absent where there is none
   * @param force whether other files may be written over
   * @param progress is told of every image and file, and may stop the work
   * @return what was done
   * @throws RetrainException where there is no vector, or another file is in the way and {@code
   *     force} is not set; then nothing is written
   * @throws CancelledException where the user stopped it; what was written is whole
   * @throws IOException where a file can't be read or written
   */
  public static Result run(
      BottleneckCache cache,
      FeatureSpec kind,
      Path directory,
      String architecture,
      Optional<Path> imageDir,
      boolean force,
      Progress progress)
      throws IOException {
    if (cache.entries().stream().noneMatch(e -> e.identity().equals(kind.backbone().text()))) {
      throw new RetrainException(
          ("%s holds no vector of %s as it is computed by default (bottleneck info says which it"
                  + " holds; those of --no-optimize, --jpeg-scale or another --precision are not"
                  + " exported).")
              .formatted(cache.file(), kind.backbone().name()));
    }
    TextExport export = new TextExport(cache, kind, directory, architecture, progress);
    export.find(imageDir);
    return export.write(force);
  }

  private void find(Optional<Path> imageDir) throws IOException {
    for (String name : cache.imported()) {
      if (cached.contains(ContentHash.ofName(name))) {
        vectors.put(name, ContentHash.ofName(name));
      }
    }
    if (imageDir.isPresent()) {
      findImages(ImageFolder.list(imageDir.get()));
    }
    if (vectors.isEmpty()) {
      throw new RetrainException(
          "No image has a vector of %s in %s; compute them with 'retrain bottleneck'."
              .formatted(kind.backbone().name(), cache.file()));
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

  /** A file to be, its vector, and what is done about it. */
  private record Target(Path file, TextVector vector) {
    /** Whether the file is there, just so. */
    boolean isThere() throws IOException {
      return Files.exists(file) && Arrays.equals(Files.readAllBytes(file), vector.content());
    }

    boolean write() throws IOException {
      if (isThere()) {
        return false;
      }
      AtomicFile.write(file, vector.content());
      return true;
    }
  }

  private Result write(boolean force) throws IOException {
    if (!force) {
      checkNothingInTheWay();
    }
    int written = 0;
    progress.begin("Exporting", "vectors", vectors.size());
    try (VectorReader reader = cache.reader(filed);
        OrderedPrefetch<Target, Boolean> writers =
            new OrderedPrefetch<>(
                targets(reader, List.copyOf(vectors.keySet())), AHEAD, Target::write)) {
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

  private void checkNothingInTheWay() throws IOException {
    List<String> there =
        vectors.keySet().stream()
            .filter(name -> Files.exists(TextFolder.file(directory, name, architecture)))
            .toList();
    try (VectorReader reader = cache.reader(filed);
        OrderedPrefetch<Target, Boolean> readers =
            new OrderedPrefetch<>(targets(reader, there), AHEAD, Target::isThere)) {
      while (readers.hasNext()) {
        checkCancelled(0);
        var taken = readers.next();
        if (!taken.result().result()) {
          throw new RetrainException(
              "%s is there already and holds something else; write over it with --force, or name"
                      .formatted(taken.item().file())
                  + " another directory.");
        }
      }
    }
  }

  private Iterator<Target> targets(VectorReader reader, List<String> names) {
    return names.stream()
        .map(
            name -> {
              float[] vector = new float[kind.length()];
              if (!reader.read(vectors.get(name), vector, 0)) {
                cache.drop(filed, List.of(vectors.get(name)));
                throw new RetrainException(
                    ("The vector of %s in %s is damaged and is dropped; compute it with 'retrain"
                            + " bottleneck', or import it again.")
                        .formatted(name, cache.file().getParent()));
              }
              return new Target(
                  TextFolder.file(directory, name, architecture), new TextVector(vector));
            })
        .iterator();
  }

  private void checkCancelled(int written) {
    if (progress.cancelled()) {
      throw new CancelledException(
          "Interrupted: %,d files are written in %s.".formatted(written, directory));
    }
  }
}
