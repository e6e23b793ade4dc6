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
 * The vectors of a folder of text files, in memory.
 *
 * <p>Their length is that of most of them: retrain.py did not write its files in one go, so one of
 * another length was cut short, and is left out as a broken one is.
 *
 * @param readable the files that can be used, in their order
 * @param vectors the vector of each of them
 * @param hashes the hash of each one's content
 * @param skipped files that can't be used
 */
public record TextVectors(
    List<ImageFile> readable,
    Map<Path, float[]> vectors,
    Map<Path, ContentHash> hashes,
    List<SkippedFile> skipped) {
  private static final int AHEAD = 64;

  /** Copies the collections. */
  public TextVectors {
    readable = List.copyOf(readable);
    vectors = Map.copyOf(vectors);
    hashes = Map.copyOf(hashes);
    skipped = List.copyOf(skipped);
  }

  private record Loaded(TextVector vector, ContentHash hash) {}

  /**
   * Reads them.
   *
   * @param text the text files, at least one
   * @param strict whether one broken file is a failure
   * @param progress is told of every file, and may stop the work
   * @return the vectors, all of one length
   * @throws RetrainException where a file is broken and {@code strict} is set, or more than a tenth
   *     are
   * @throws CancelledException where the user stopped it
   */
  public static TextVectors read(TextFolder text, boolean strict, Progress progress) {
    List<ImageFile> files = text.folder().files();
    SkippedFiles leftOut = new SkippedFiles("vector files", strict);
    Map<Path, Loaded> loaded = new HashMap<>();
    progress.begin("Loading", "vectors", files.size());
    try (OrderedPrefetch<ImageFile, Loaded> readers =
        new OrderedPrefetch<>(files.iterator(), AHEAD, TextVectors::load)) {
      while (readers.hasNext()) {
        if (progress.cancelled()) {
          throw new CancelledException("Interrupted while reading vectors; nothing was written.");
        }
        var taken = readers.next();
        try {
          loaded.put(taken.item().path(), taken.result().outcome());
        } catch (ExecutionException e) {
          leftOut.add(taken.item().path(), e.getCause());
        }
        progress.advance(1);
      }
    } finally {
      progress.end();
    }
    int length = usualLength(loaded);
    for (ImageFile file : files) {
      try {
        if (loaded.containsKey(file.path())) {
          loaded.get(file.path()).vector().checkLength(length);
        }
      } catch (UnreadableVectorException e) {
        loaded.remove(file.path());
        leftOut.add(file.path(), e);
      }
    }
    leftOut.check(files.size());
    return new TextVectors(
        files.stream().filter(file -> loaded.containsKey(file.path())).toList(),
        parts(loaded, one -> one.vector().values()),
        parts(loaded, Loaded::hash),
        leftOut.list());
  }

  private static Loaded load(ImageFile file) throws IOException, UnreadableVectorException {
    byte[] content = TextVector.content(file.path());
    return new Loaded(TextVector.parse(content), ContentHash.of(content));
  }

  private static int usualLength(Map<Path, Loaded> loaded) {
    Map<Integer, Long> counts =
        loaded.values().stream()
            .collect(
                Collectors.groupingBy(one -> one.vector().values().length, Collectors.counting()));
    // Of two that are as frequent the longer: the others were cut short.
    return counts.entrySet().stream()
        .max(Map.Entry.<Integer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(0);
  }

  private static <T> Map<Path, T> parts(Map<Path, Loaded> loaded, Function<Loaded, T> part) {
    return loaded.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> part.apply(entry.getValue())));
  }
}
