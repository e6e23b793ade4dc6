package dev.retrain.job.cache;

import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.cache.CachePruning;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Takes out of a cache what no image needs any more.
 *
 * @param bottleneckDir the cache directory
 * @param options what goes
 */
public record PruneCacheJob(Path bottleneckDir, CachePruning.Options options) {
  /**
   * Runs it.
   *
   * @param progress is told how far it is, and may stop it
   * @return what went
   * @throws RetrainException where a folder is gone as a whole and that is not allowed for
   * @throws CancelledException where the user stopped it
   * @throws IOException where the cache can't be read
   */
  public CachePruning.Result run(Progress progress) throws IOException {
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir)) {
      return CachePruning.run(cache, options, progress);
    }
  }
}
