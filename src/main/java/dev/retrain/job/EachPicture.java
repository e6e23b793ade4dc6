package dev.retrain.job;

import dev.retrain.picture.SkippedPicture;
import dev.retrain.picture.UnreadablePicture;
import dev.retrain.work.Progress;
import dev.retrain.work.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    Queue<SkippedPicture> skipped = new ConcurrentLinkedQueue<>();
    progress.begin("Thumbnails", "pictures", indexes.size());
    try (Workers workers = new Workers()) {
      for (int index : indexes) {
        workers.execute(
            () -> {
              if (progress.cancelled()) {
                return;
              }
              Path path = file.apply(index);
              try {
                small.of(index, Files.readAllBytes(path));
              } catch (UnreadablePicture | IOException e) {
                skipped.add(SkippedPicture.of(path, e));
              }
              progress.advance(1);
            });
      }
      workers.finish();
    } finally {
      progress.end();
    }
    skipped.forEach(
        picture -> LOG.warn("No thumbnail of {}: {}.", picture.path(), picture.reason()));
  }
}
