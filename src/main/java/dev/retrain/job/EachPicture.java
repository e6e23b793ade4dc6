package dev.retrain.job;

import dev.retrain.picture.SkippedPicture;
import dev.retrain.picture.UnreadablePicture;
import dev.retrain.work.Progress;
import dev.retrain.work.RegularFile;
import dev.retrain.work.Task;
import dev.retrain.work.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Small pictures of picture files, made on all cores, for whatever shows them. */
final class EachPicture {
  private static final Logger LOG = LoggerFactory.getLogger(EachPicture.class);

  private EachPicture() {}

  /** Makes a small picture of one; on any thread. */
  @FunctionalInterface
  interface Small {
    /**
     * @param index which picture
     * @param content its file's bytes
     */
    void of(int index, byte[] content) throws UnreadablePicture;
  }

  /**
   * Makes them; a picture that can't be read is named in the log and left out.
   *
   * @param indexes which pictures
   * @param file the file of each
   * @param small makes one
   * @param progress is told of every picture; where it is cancelled, the rest is left out
   */
  static void run(
      Collection<Integer> indexes, IntFunction<Path> file, Small small, Progress progress) {
    progress.begin("Thumbnails", "pictures", indexes.size());
    try (Workers workers = new Workers()) {
      List<Task<Optional<SkippedPicture>>> tasks = new ArrayList<>();
      for (int index : indexes) {
        tasks.add(workers.submit(() -> make(index, file.apply(index), small, progress)));
      }
      for (Task<Optional<SkippedPicture>> task : tasks) {
        task.join()
            .ifPresent(
                picture -> LOG.warn("No thumbnail of {}: {}.", picture.path(), picture.reason()));
      }
    } finally {
      progress.end();
    }
  }

  private static Optional<SkippedPicture> make(
      int index, Path path, Small small, Progress progress) {
    if (progress.cancelled()) {
      return Optional.empty();
    }
    try {
      small.of(index, RegularFile.read(path));
      return Optional.empty();
    } catch (UnreadablePicture | IOException | OutOfMemoryError e) {
      return Optional.of(SkippedPicture.of(path, e));
    } finally {
      progress.advance(1);
    }
  }
}
