package dev.retrain.job;

import dev.retrain.bottleneck.BottleneckCache;
import dev.retrain.bottleneck.CachePruning;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Failure;
import dev.retrain.work.Progress;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Takes out of a cache what no picture needs any more.
 *
 * @param bottleneckDir the cache directory
 * @param options what goes
 */
public record PruneJob(Path bottleneckDir, CachePruning.Options options) {
  /**
   * Runs it.
   *
   * @param progress is told how far it is, and may stop it
   * @return what went
   * @throws Failure where a folder is gone as a whole and that is not allowed for
   * @throws Cancelled where the user stopped it
   * @throws IOException where the cache can't be read
   */
  public CachePruning.Result run(Progress progress) throws IOException {
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir)) {
      return CachePruning.run(cache, options, progress);
    }
  }
}
