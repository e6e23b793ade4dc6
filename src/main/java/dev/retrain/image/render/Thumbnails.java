package dev.retrain.image.render;

import dev.retrain.image.PixelLimit;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/** Thumbnails for a report. */
public final class Thumbnails {
  private Thumbnails() {}

  /**
   * Renders thumbnails; an unreadable image is logged and skipped.
   *
   * @param indexes indexes of the images
   * @param file the file of an image, by index
   * @param limit maximum size of an image
   * @param progress advances by one per image
   * @return JPEG files by index
   * @throws CancelledException if the user cancelled
   */
  public static Map<Integer, byte[]> render(
      Collection<Integer> indexes, IntFunction<Path> file, PixelLimit limit, Progress progress) {
    Map<Integer, byte[]> thumbnails = new ConcurrentHashMap<>();
    try (Thumbnailer thumbnailer = new Thumbnailer(limit)) {
      ThumbnailTask.run(
          indexes,
          file,
          (index, content) -> thumbnails.put(index, thumbnailer.jpeg(content)),
          progress);
    }
    if (progress.cancelled()) {
      throw new CancelledException("Interrupted: the report was not written.");
    }
    return thumbnails;
  }
}
