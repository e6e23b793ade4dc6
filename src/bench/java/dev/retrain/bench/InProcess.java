package dev.retrain.bench;

import dev.retrain.backbone.Backbone;
import dev.retrain.bottleneck.extract.ExtractionJob;
import dev.retrain.bottleneck.extract.ExtractionResult;
import dev.retrain.util.Progress;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;

/** Extraction in this process, without the startup of another. */
final class InProcess {
  private InProcess() {}

  /** Runs until Java's JIT compiler has compiled what is measured. */
  static void warmUp(Setting setting, Backbone backbone) throws IOException {
    int count = setting.size(5000, 50);
    for (int round = 0; round < setting.size(3, 1); round++) {
      extract(setting, backbone, setting.images(count), count);
    }
  }

  /**
   * Computes the vectors of all images into a new cache, and deletes it.
   *
   * @param images files with different contents
   * @return the seconds it took
   */
  static double extract(Setting setting, Backbone backbone, Path images, int count)
      throws IOException {
    Path cache = setting.fresh("cache");
    Clock clock = Clock.start();
    ExtractionResult result = new ExtractionJob(images, cache, backbone, true).run(Progress.NONE);
    double seconds = clock.seconds();
    if (result.computed() != count) {
      throw new IllegalStateException(
          "%d vectors of %d images".formatted(result.computed(), count));
    }
    FileUtils.deleteDirectory(cache.toFile());
    return seconds;
  }
}
