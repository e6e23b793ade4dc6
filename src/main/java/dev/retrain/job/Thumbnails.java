package dev.retrain.job;

import dev.retrain.picture.Thumbnailer;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Progress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/** Small pictures for a report. */
final class Thumbnails {
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
    try (Thumbnailer thumbnailer = new Thumbnailer()) {
      EachPicture.run(
          indexes,
          file,
          (index, content) -> thumbnails.put(index, thumbnailer.jpeg(content)),
          progress);
    }
    if (progress.cancelled()) {
      throw new Cancelled("Interrupted: no report is written.");
    }
    return thumbnails;
  }
}
