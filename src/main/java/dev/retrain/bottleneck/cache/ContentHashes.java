package dev.retrain.bottleneck.cache;

import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.archive.ImageArchive;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.concurrent.OrderedPrefetch;
import dev.retrain.util.io.NameEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Content hashes of image files, which identify copies wherever they are. */
public final class ContentHashes {
  private static final Logger LOG = LoggerFactory.getLogger(ContentHashes.class);
  private static final int PREFETCHED = 64;

  private ContentHashes() {}

  /**
   * The hashes of a folder's files: from the cache if their stamps are unchanged, otherwise by
   * reading the file.
   *
   * @param cache where the hashes of known files are stored
   * @param folder the files
   * @param progress receives the number of files done, and may cancel the work
   * @return the hash of every readable file
   * @throws CancelledException if the user cancelled
   */
  public static Map<Path, ContentHash> compute(
      BottleneckCache cache, ImageFolder folder, Progress progress) {
    Map<String, KnownFile> known = cache.trustedBelow(folder.directory());
    Map<Path, ContentHash> hashes = new HashMap<>();
    progress.begin("Hashing", "files", folder.files().size());
    try (OrderedPrefetch<ImageFile, ContentHash> readers =
        new OrderedPrefetch<>(
            folder.files().iterator(), PREFETCHED, file -> hash(file.path(), known))) {
      while (readers.hasNext()) {
        if (progress.cancelled()) {
          throw new CancelledException("Interrupted while hashing files; nothing was written.");
        }
        var next = readers.next();
        try {
          hashes.put(next.item().path(), next.result().outcome());
        } catch (ExecutionException e) {
          // The code that needs this file's content reports the error.
          LOG.debug("{} can't be read", next.item().path(), e);
        }
        progress.advance(1);
      }
    } finally {
      progress.end();
    }
    return hashes;
  }

  private static ContentHash hash(Path file, Map<String, KnownFile> known) throws IOException {
    return KnownFile.refresh(file, known.get(KnownFile.key(file))).hash();
  }

  /**
   * The hashes of the files that may be duplicates of others, which have the same size. Files that
   * can't be read are skipped.
   *
   * @param folder the files
   * @param known files that need not be read if their stamps match, by {@link KnownFile#key}
   */
  public static Map<Path, ContentHash> ofPossibleDuplicates(
      ImageFolder folder, Map<String, KnownFile> known) {
    Map<Long, List<Path>> bySize = new HashMap<>();
    for (ImageFile file : folder.files()) {
      try {
        bySize.computeIfAbsent(Files.size(file.path()), size -> new ArrayList<>()).add(file.path());
      } catch (IOException e) {
        LOG.debug("Can't read {}", file.path(), e);
      }
    }
    Map<Path, ContentHash> hashes = new ConcurrentHashMap<>();
    bySize.values().stream()
        .filter(files -> files.size() > 1)
        .flatMap(List::stream)
        .toList()
        .parallelStream()
        .forEach(
            file -> {
              try {
                hashes.put(file, hash(file, known));
              } catch (IOException e) {
                LOG.debug("Can't read {}", file, e);
              }
            });
    return hashes;
  }

  /**
   * The hashes of files that were below a directory and have been deleted.
   *
   * @param cache where the hashes of known files are stored
   * @param directory the directory, which need not exist
   */
  public static Map<Path, ContentHash> ofDeletedFiles(BottleneckCache cache, Path directory) {
    Map<Path, ContentHash> hashes = new HashMap<>();
    cache
        .imagesBelow(directory)
        .forEach(
            (file, known) -> {
              Path path = ImageArchive.locate(NameEncoding.path(file));
              if (!Files.exists(path)) {
                hashes.put(path, known.hash());
              }
            });
    return hashes;
  }
}
