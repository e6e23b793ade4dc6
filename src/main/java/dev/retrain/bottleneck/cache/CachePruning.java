package dev.retrain.bottleneck.cache;

import dev.retrain.bottleneck.cache.BottleneckCache.Pruned;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes out of a cache what no image needs any more. */
public final class CachePruning {
  private CachePruning() {}

  /**
   * What goes, and how.
   *
   * @param imported whether vectors that were imported without images go, too
   * @param dryRun whether nothing goes, and it is only counted
   * @param force whether files are believed to be gone although their folder is gone with them
   */
  public record Options(boolean imported, boolean dryRun, boolean force) {}

  /**
   * What went, or would go.
   *
   * @param pruned what the cache took out
   * @param freed bytes the cache is smaller on disk
   * @param missingFolders folders that are gone as a whole
   */
  public record Result(Pruned pruned, long freed, List<Path> missingFolders) {
    /** Copies the list. */
    public Result {
      missingFolders = List.copyOf(missingFolders);
    }
  }

  /**
   * Forgets the images whose files are gone, then takes out the vectors no image refers to.
   *
   * @param cache the cache
   * @param options what goes
   * @param progress is told of every file, and may stop the work
   * @return what went
   * @throws RetrainException where the folder of a file is gone, too, as it is where a disk is not
   *     mounted, and neither {@code force} nor {@code dryRun} is set; then nothing went
   * @throws CancelledException where the user stopped it; then nothing went
   * @throws IOException where the cache can't be read
   */
  public static Result run(BottleneckCache cache, Options options, Progress progress)
      throws IOException {
    List<Path> gone = gone(cache, progress);
    List<Path> folders =
        gone.stream().map(Path::getParent).distinct().filter(Files::notExists).toList();
    if (!folders.isEmpty() && !options.force() && !options.dryRun()) {
      throw new RetrainException(
          ("%s is gone with all its images%s. If a disk is not mounted, mount it; if they are"
                  + " gone for good, say so with --force (--dry-run shows what would go).")
              .formatted(
                  folders.get(0),
                  folders.size() == 1
                      ? ""
                      : ", and so are %,d more".formatted(folders.size() - 1)));
    }
    long before = cache.size();
    Pruned pruned =
        cache.prune(
            gone.stream().map(Path::toString).toList(), options.imported(), options.dryRun());
    if (!options.dryRun()) {
      cache.compact();
    }
    return new Result(pruned, before - cache.size(), folders);
  }

  private static List<Path> gone(BottleneckCache cache, Progress progress) {
    List<String> paths = cache.paths();
    List<Path> gone = new ArrayList<>();
    progress.begin("Looking", "images", paths.size());
    try {
      for (String path : paths) {
        if (progress.cancelled()) {
          throw new CancelledException("Interrupted: nothing was taken out.");
        }
        // Only what is certainly not there: a folder that can't be read proves nothing.
        path(path).filter(Files::notExists).ifPresent(gone::add);
        progress.advance(1);
      }
    } finally {
      progress.end();
    }
    return gone;
  }

  private static Optional<Path> path(String path) {
    try {
      return Optional.of(Path.of(path));
    } catch (InvalidPathException e) {
      // A name this locale can't spell: whether the file is there, it can't say.
      return Optional.empty();
    }
  }
}
