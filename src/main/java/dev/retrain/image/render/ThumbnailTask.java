package dev.retrain.image.render;

import dev.retrain.image.SkippedFile;
import dev.retrain.image.UnreadableImageException;
import dev.retrain.util.Progress;
import dev.retrain.util.concurrent.PendingResult;
import dev.retrain.util.concurrent.WorkerPool;
import dev.retrain.util.io.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Small images of image files, made on all cores, for whatever shows them. */
public final class ThumbnailTask {
  private static final Logger LOG = LoggerFactory.getLogger(ThumbnailTask.class);

  private ThumbnailTask() {}

  /** Makes a small image of one; on any thread. */
  @FunctionalInterface
  public interface Small {
    /**
     * @param index which image
     * @param content its file's bytes
     */
    void of(int index, byte[] content) throws UnreadableImageException;
  }

  /**
   * Makes them; an image that can't be read is named in the log and left out.
   *
   * @param indexes which images
   * @param file the file of each
   * @param small makes one
   * @param progress is told of every image; where it is cancelled, the rest is left out
   */
  public static void run(
      Collection<Integer> indexes, IntFunction<Path> file, Small small, Progress progress) {
    progress.begin("Thumbnails", "images", indexes.size());
    try (WorkerPool workers = new WorkerPool()) {
      List<PendingResult<Optional<SkippedFile>>> tasks = new ArrayList<>();
      for (int index : indexes) {
        tasks.add(workers.submit(() -> make(index, file.apply(index), small, progress)));
      }
      for (PendingResult<Optional<SkippedFile>> task : tasks) {
        task.join()
            .ifPresent(image -> LOG.warn("No thumbnail of {}: {}.", image.path(), image.reason()));
      }
    } finally {
      progress.end();
    }
  }

  private static Optional<SkippedFile> make(int index, Path path, Small small, Progress progress) {
    if (progress.cancelled()) {
      return Optional.empty();
    }
    try {
      small.of(index, RegularFile.read(path));
      return Optional.empty();
    } catch (UnreadableImageException | IOException | OutOfMemoryError e) {
      return Optional.of(SkippedFile.of(path, e));
    } finally {
      progress.advance(1);
    }
  }
}
