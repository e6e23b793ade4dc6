package dev.retrain.job;

import dev.retrain.picture.SkippedPicture;
import dev.retrain.picture.Thumbnailer;
import dev.retrain.picture.UnreadablePicture;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Progress;
import dev.retrain.work.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Small pictures for a report, made on all cores. */
final class Thumbnails {
  private static final Logger LOG = LoggerFactory.getLogger(Thumbnails.class);

  private Thumbnails() {}

  /**
   * Makes them; a picture that can't be read is named in the log and left out.
   *
   * @param indexes which pictures
   * @param file the file of each
   * @param progress is told how far it is, and may stop it
   * @return JPEG files by index
   * @throws Cancelled where the user stopped it
   */
  static Map<Integer, byte[]> of(
      Collection<Integer> indexes, IntFunction<Path> file, Progress progress) {
    Map<Integer, byte[]> thumbnails = new ConcurrentHashMap<>();
    Queue<SkippedPicture> skipped = new ConcurrentLinkedQueue<>();
    progress.begin("Thumbnails", "pictures", indexes.size());
    try (Thumbnailer thumbnailer = new Thumbnailer();
        Workers workers = new Workers()) {
      for (int index : indexes) {
        workers.execute(
            () -> {
              if (!progress.cancelled()) {
                make(thumbnailer, index, file.apply(index), thumbnails, skipped);
                progress.advance(1);
              }
            });
      }
      workers.finish();
    } finally {
      progress.end();
    }
    if (progress.cancelled()) {
      throw new Cancelled("Interrupted: no report is written.");
    }
    skipped.forEach(
        picture -> LOG.warn("No thumbnail of {}: {}.", picture.path(), picture.reason()));
    return thumbnails;
  }

  private static void make(
      Thumbnailer thumbnailer,
      int index,
      Path file,
      Map<Integer, byte[]> thumbnails,
      Queue<SkippedPicture> skipped) {
    try {
      thumbnails.put(index, thumbnailer.jpeg(Files.readAllBytes(file)));
    } catch (UnreadablePicture | IOException e) {
      skipped.add(SkippedPicture.of(file, e));
    }
  }
}
