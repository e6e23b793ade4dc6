package dev.retrain.bottleneck.cache;

import dev.retrain.bottleneck.cache.BottleneckCache.Known;
import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.concurrent.OrderedPrefetch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What files hold, without a network: by it, a copy is told wherever it lies. */
public final class ContentHashes {
  private static final Logger LOG = LoggerFactory.getLogger(ContentHashes.class);
  private static final int AHEAD = 64;

  private ContentHashes() {}

  /**
   * Looks up the files that the cache knows unchanged, and reads the others.
   *
   * @param cache where files are remembered
   * @param folder the files
   * @param progress is told of every file, and may stop the work
   * @return the hash of every file that can be read
   * @throws CancelledException where the user stopped it
   */
  public static Map<Path, ContentHash> compute(
      BottleneckCache cache, ImageFolder folder, Progress progress) {
    Map<String, Known> known = cache.imagesBelow(folder.directory());
    Map<Path, ContentHash> hashes = new HashMap<>();
    progress.begin("Looking", "files", folder.files().size());
    try (OrderedPrefetch<ImageFile, ContentHash> readers =
        new OrderedPrefetch<>(
            folder.files().iterator(),
            AHEAD,
            file -> Known.now(file.path(), known.get(BottleneckCache.key(file.path()))).hash())) {
      while (readers.hasNext()) {
        if (progress.cancelled()) {
          throw new CancelledException("Interrupted while looking the files up.");
        }
        var taken = readers.next();
        try {
          hashes.put(taken.item().path(), taken.result().outcome());
        } catch (ExecutionException e) {
          // Whoever needs its content will say so.
          LOG.debug("{} can't be read", taken.item().path(), e);
        }
        progress.advance(1);
      }
    } finally {
      progress.end();
    }
    return hashes;
  }

  /**
   * What the cache remembers of files that lay below a directory and are gone.
   *
   * @param cache where files are remembered
   * @param directory the directory, whether it is there or not
   * @return the hash of each
   */
  public static Map<Path, ContentHash> ofGone(BottleneckCache cache, Path directory) {
    Map<Path, ContentHash> hashes = new HashMap<>();
    cache
        .imagesBelow(directory)
        .forEach(
            (file, known) -> {
              if (!Files.exists(Path.of(file))) {
                hashes.put(Path.of(file), known.hash());
              }
            });
    return hashes;
  }
}
