package dev.retrain.image.render;

import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/** Small images for a report. */
public final class Thumbnails {
  private Thumbnails() {}

  /**
   * Makes them; an image that can't be read is named in the log and left out.
   *
   * @param indexes which images
   * @param file the file of each
   * @param progress is told how far it is, and may stop it
   * @return JPEG files by index
   * @throws CancelledException where the user stopped it
   */
  public static Map<Integer, byte[]> render(
      Collection<Integer> indexes, IntFunction<Path> file, Progress progress) {
    Map<Integer, byte[]> thumbnails = new ConcurrentHashMap<>();
    try (Thumbnailer thumbnailer = new Thumbnailer()) {
      ThumbnailTask.run(
          indexes,
          file,
          (index, content) -> thumbnails.put(index, thumbnailer.jpeg(content)),
          progress);
    }
    if (progress.cancelled()) {
      throw new CancelledException("Interrupted: no report is written.");
    }
    return thumbnails;
  }
}
