package dev.retrain.bottleneck.text;

import dev.retrain.bottleneck.SkippedFiles;
import dev.retrain.bottleneck.UnreadableVectorException;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.image.SkippedFile;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.concurrent.OrderedPrefetch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The vectors of a directory of text files, in memory.
 *
 * <p>Their length is the most frequent length. retrain.py does not write its files atomically, so a
 * file of another length is truncated and skipped like an invalid one.
 *
 * @param readable the valid files, in order
 * @param vectors the vector of each valid file
 * @param hashes the hash of each valid file's content
 * @param skipped files that can't be used
 */
public record TextVectors(
    List<ImageFile> readable,
    Map<Path, float[]> vectors,
    Map<Path, ContentHash> hashes,
    List<SkippedFile> skipped) {
  private static final int PREFETCHED = 64;

  public TextVectors {
    readable = List.copyOf(readable);
    vectors = Map.copyOf(vectors);
    hashes = Map.copyOf(hashes);
    skipped = List.copyOf(skipped);
  }

  private record Loaded(TextVector vector, ContentHash hash) {}

  /**
   * Reads the vectors of a directory.
   *
   * @param text the text files, at least one
   * @param strict whether to fail at the first invalid file
   * @param progress receives the number of files read, and may cancel the work
   * @return the vectors, all of equal length
   * @throws RetrainException if more than a tenth of the files are invalid, or one is and {@code
   *     strict} is set
   * @throws CancelledException if the user cancelled
   */
  public static TextVectors read(TextFolder text, boolean strict, Progress progress) {
    List<ImageFile> files = text.folder().files();
    SkippedFiles skippedFiles = new SkippedFiles("vector files", strict);
    Map<Path, Loaded> loaded = new HashMap<>();
    progress.begin("Loading", "vectors", files.size());
    try (OrderedPrefetch<ImageFile, Loaded> readers =
        new OrderedPrefetch<>(files.iterator(), PREFETCHED, TextVectors::load)) {
      while (readers.hasNext()) {
        if (progress.cancelled()) {
          throw new CancelledException("Interrupted while reading vectors; nothing was written.");
        }
        var next = readers.next();
        try {
          loaded.put(next.item().path(), next.result().outcome());
        } catch (ExecutionException e) {
          skippedFiles.add(next.item().path(), e.getCause());
        }
        progress.advance(1);
      }
    } finally {
      progress.end();
    }
    int length = mostFrequentLength(loaded);
    for (ImageFile file : files) {
      try {
        if (loaded.containsKey(file.path())) {
          loaded.get(file.path()).vector().checkLength(length);
        }
      } catch (UnreadableVectorException e) {
        loaded.remove(file.path());
        skippedFiles.add(file.path(), e);
      }
    }
    skippedFiles.check(files.size());
    return new TextVectors(
        files.stream().filter(file -> loaded.containsKey(file.path())).toList(),
        map(loaded, each -> each.vector().values()),
        map(loaded, Loaded::hash),
        skippedFiles.list());
  }

  private static Loaded load(ImageFile file) throws IOException, UnreadableVectorException {
    byte[] content = TextVector.read(file.path());
    return new Loaded(TextVector.parse(content), ContentHash.of(content));
  }

  private static int mostFrequentLength(Map<Path, Loaded> loaded) {
    Map<Integer, Long> counts =
        loaded.values().stream()
            .collect(
                Collectors.groupingBy(
                    each -> each.vector().values().length, Collectors.counting()));
    // Of two equally frequent lengths the greater one: the other files are truncated.
    return counts.entrySet().stream()
        .max(Map.Entry.<Integer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(0);
  }

  private static <T> Map<Path, T> map(Map<Path, Loaded> loaded, Function<Loaded, T> property) {
    return loaded.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> property.apply(entry.getValue())));
  }
}
