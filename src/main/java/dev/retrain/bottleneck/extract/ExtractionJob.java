package dev.retrain.bottleneck.extract;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Computes and caches the vectors of a directory of images.
 *
 * @param imageDir the directory with the class folders
 * @param bottleneckDir the cache directory
 * @param backbone the network
 * @param strict whether one broken image is a failure
 */
public record ExtractionJob(Path imageDir, Path bottleneckDir, Backbone backbone, boolean strict) {
  /**
   * Runs it.
   *
   * @param progress is told how far it is, and may stop it
   * @return what was done
   * @throws RetrainException where the images or the network can't be used
   * @throws CancelledException where the user stopped it
   * @throws IOException where a file can't be read or written
   */
  public ExtractionResult run(Progress progress) throws IOException {
    ImageFolder folder = ImageFolder.scan(imageDir);
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir)) {
      return Extraction.run(cache, backbone, folder, strict, progress);
    }
  }
}
