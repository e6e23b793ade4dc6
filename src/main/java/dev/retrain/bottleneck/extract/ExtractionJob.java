package dev.retrain.bottleneck.extract;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.list.ImageList;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an extraction reads and where it stores the vectors.
 *
 * @param images the images
 * @param bottleneckDir the cache directory
 * @param backbone the backbone
 * @param strict whether to fail at the first unreadable image
 * @param verifyContent whether to hash every image and check every cached vector, instead of
 *     trusting the sizes, times and inodes of the images
 */
public record ExtractionJob(
    ImageList images,
    Path bottleneckDir,
    Backbone backbone,
    boolean strict,
    boolean verifyContent) {
  private static final Logger LOG = LoggerFactory.getLogger(ExtractionJob.class);

  /** A job for a directory of images. */
  public ExtractionJob(
      Path imageDir, Path bottleneckDir, Backbone backbone, boolean strict, boolean verifyContent) {
    this(ImageList.of(imageDir), bottleneckDir, backbone, strict, verifyContent);
  }

  /** A job for a directory of images that reads only images that may have changed. */
  public ExtractionJob(Path imageDir, Path bottleneckDir, Backbone backbone, boolean strict) {
    this(ImageList.of(imageDir), bottleneckDir, backbone, strict, false);
  }

  /** The same job with another backbone. */
  public ExtractionJob with(Backbone other) {
    return new ExtractionJob(images, bottleneckDir, other, strict, verifyContent);
  }

  /**
   * Opens the cache; creates it if there is none.
   *
   * @throws IOException if its directory can't be created
   */
  public BottleneckCache openCache() throws IOException {
    return new BottleneckCache(bottleneckDir, verifyContent);
  }

  /**
   * Computes the vectors that the cache lacks.
   *
   * @param progress receives the number of images done, and may cancel the work
   * @return the images that have vectors now
   * @throws RetrainException if the images or the backbone can't be used
   * @throws CancelledException if the user cancelled; all completed batches are cached
   * @throws IOException if a file can't be read or written
   */
  public ExtractionResult run(Progress progress) throws IOException {
    ImageFolder folder = images.scan();
    folder.origin().facts().forEach(LOG::info);
    folder.notices().forEach(LOG::warn);
    try (BottleneckCache cache = openCache()) {
      return Extraction.run(cache, backbone, folder, strict, progress);
    }
  }
}
