package dev.retrain.bottleneck.cache;

import dev.retrain.bottleneck.cache.database.CacheDatabase;
import dev.retrain.dataset.archive.ImageArchive;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.NameEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Deletes unreferenced vectors from a cache. */
public final class CachePruning {
  private CachePruning() {}

  /**
   * What to prune.
   *
   * @param imported whether imported vectors without images are deleted, too
   * @param dryRun whether to count only
   * @param force whether files count as deleted even if their folder is missing, too
   */
  public record Options(boolean imported, boolean dryRun, boolean force) {}

  /**
   * What was deleted, or would be.
   *
   * @param images image files whose hashes were stored
   * @param vectors unreferenced vectors
   * @param bytes bytes of these vectors
   * @param backbones backbones without vectors
   */
  public record Pruned(long images, long vectors, long bytes, long backbones) {}

  /**
   * The outcome of pruning.
   *
   * @param pruned what was deleted, or would be
   * @param freed bytes by which the cache on disk has become smaller
   * @param missingFolders folders that are missing with all their images
   */
  public record Result(Pruned pruned, long freed, List<Path> missingFolders) {
    public Result {
      missingFolders = List.copyOf(missingFolders);
    }
  }

  /**
   * Removes deleted image files from the index, then deletes the vectors that no image refers to.
   *
   * @param cache the cache
   * @param options what to prune
   * @param progress receives the number of files checked, and may cancel the work
   * @return what was deleted
   * @throws RetrainException if a folder of images is missing, as it is if a disk is not mounted,
   *     and neither {@code force} nor {@code dryRun} is set; nothing is deleted then
   * @throws CancelledException if the user cancelled; nothing is deleted then
   * @throws IOException if the cache can't be read
   */
  public static Result run(BottleneckCache cache, Options options, Progress progress)
      throws IOException {
    List<Path> deleted = deletedFiles(cache, progress);
    List<Path> folders =
        deleted.stream().map(Path::getParent).distinct().filter(Files::notExists).toList();
    if (!folders.isEmpty() && !options.force() && !options.dryRun()) {
      throw new RetrainException(
          "Folders of images are missing: %s%s. If a disk is not mounted, mount it. If the images"
              + " are deleted, confirm it with %s; %s shows what would be deleted.",
          folders.get(0),
          folders.size() == 1
              ? ""
              : String.format(Locale.ROOT, " and %,d more", folders.size() - 1),
          Setting.FORCE,
          Setting.DRY_RUN);
    }
    long before = cache.size();
    Pruned pruned =
        prune(cache.database(), deleted.stream().map(NameEncoding::key).toList(), options);
    if (!options.dryRun()) {
      cache.compact();
    }
    return new Result(pruned, before - cache.size(), folders);
  }

  /** Deletes image files from the index, unreferenced vectors, and backbones without vectors. */
  static Pruned prune(CacheDatabase database, List<String> imageKeys, Options options) {
    VectorTable vectors = new VectorTable(database);
    int images = new ImageTable(database).delete(imageKeys);
    if (options.imported()) {
      new ImportedTable(database).deleteAll();
    }
    long bytes = vectors.unreferencedBytes();
    int unreferenced = vectors.deleteUnreferenced();
    int backbones = new BackboneTable(database).deleteUnused();
    if (options.dryRun()) {
      database.rollback();
    } else {
      database.commit();
    }
    return new Pruned(images, unreferenced, bytes, backbones);
  }

  private static List<Path> deletedFiles(BottleneckCache cache, Progress progress) {
    List<String> keys = new ImageTable(cache.database()).keys();
    List<Path> deleted = new ArrayList<>();
    progress.begin("Checking", "images", keys.size());
    try {
      for (String key : keys) {
        if (progress.cancelled()) {
          throw new CancelledException("Interrupted; nothing was deleted.");
        }
        // A file in a folder that can't be read may still exist; notExists is false for it.
        path(key).map(ImageArchive::locate).filter(Files::notExists).ifPresent(deleted::add);
        progress.advance(1);
      }
    } finally {
      progress.end();
    }
    return deleted;
  }

  /** The path of a key; absent if the locale can't represent it, so nobody knows if it exists. */
  private static Optional<Path> path(String key) {
    return Optional.of(NameEncoding.path(key)).filter(path -> NameEncoding.key(path).equals(key));
  }
}
