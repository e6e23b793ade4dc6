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

/** Renders thumbnails of image files on all cores. */
public final class ThumbnailTask {
  private static final Logger LOG = LoggerFactory.getLogger(ThumbnailTask.class);

  private ThumbnailTask() {}

  /** Renders the thumbnail of an image, on any thread. */
  @FunctionalInterface
  public interface Renderer {
    /**
     * @param index index of the image
     * @param content the file's bytes
     */
    void render(int index, byte[] content) throws UnreadableImageException;
  }

  /**
   * Renders thumbnails; an unreadable image is logged and skipped.
   *
   * @param indexes indexes of the images
   * @param file the file of an image, by index
   * @param renderer renders one thumbnail
   * @param progress advances by one per image; if it is cancelled, the remaining images are skipped
   */
  public static void run(
      Collection<Integer> indexes, IntFunction<Path> file, Renderer renderer, Progress progress) {
    progress.begin("Thumbnails", "images", indexes.size());
    try (WorkerPool workers = new WorkerPool()) {
      List<PendingResult<Optional<SkippedFile>>> tasks = new ArrayList<>();
      for (int index : indexes) {
        tasks.add(workers.submit(() -> render(index, file.apply(index), renderer, progress)));
      }
      for (PendingResult<Optional<SkippedFile>> task : tasks) {
        task.join()
            .ifPresent(
                image ->
                    LOG.warn("Skipped the thumbnail of {}: {}.", image.path(), image.reason()));
      }
    } finally {
      progress.end();
    }
  }

  private static Optional<SkippedFile> render(
      int index, Path path, Renderer renderer, Progress progress) {
    if (progress.cancelled()) {
      return Optional.empty();
    }
    try {
      renderer.render(index, RegularFile.read(path));
      return Optional.empty();
    } catch (UnreadableImageException | IOException | OutOfMemoryError e) {
      return Optional.of(SkippedFile.from(path, e));
    } finally {
      progress.advance(1);
    }
  }
}
