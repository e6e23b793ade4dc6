package dev.retrain.bottleneck;

import dev.retrain.bottleneck.BottleneckCache.Known;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
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
   * @param progress is told of every file that is read, and may stop the work
   * @return the hash of every file that can be read
   * @throws Cancelled where the user stopped it
   */
  public static Map<Path, ContentHash> of(
      BottleneckCache cache, ImageFolder folder, Progress progress) {
    Map<String, Known> known = cache.picturesBelow(folder.directory());
    Map<Path, ContentHash> hashes = new HashMap<>();
    List<Path> open =
        folder.files().stream()
            .map(ImageFile::path)
            .filter(
                file -> {
                  Known before = known.get(BottleneckCache.key(file));
                  boolean unchanged = before != null && before.stamp().isOf(file);
                  if (unchanged) {
                    hashes.put(file, before.hash());
                  }
                  return !unchanged;
                })
            .toList();
    if (!open.isEmpty()) {
      read(open, hashes, progress);
    }
    return hashes;
  }

  private static void read(List<Path> files, Map<Path, ContentHash> hashes, Progress progress) {
    progress.begin("Comparing", "files", files.size());
    try (ReadAhead<Path, ContentHash> readers =
        new ReadAhead<>(
            files.iterator(), AHEAD, file -> ContentHash.of(Files.readAllBytes(file)))) {
      while (readers.hasNext()) {
        if (progress.cancelled()) {
          throw new Cancelled("Interrupted while reading the files.");
        }
        var taken = readers.next();
        try {
          hashes.put(taken.item(), taken.made().outcome());
        } catch (ExecutionException e) {
          // Whoever needs its content will say so.
          LOG.debug("{} can't be read", taken.item(), e);
        }
        progress.advance(1);
      }
    } finally {
      progress.end();
    }
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
        .picturesBelow(directory)
        .forEach(
            (file, known) -> {
              if (!Files.exists(Path.of(file))) {
                hashes.put(Path.of(file), known.hash());
              }
            });
    return hashes;
  }
}
