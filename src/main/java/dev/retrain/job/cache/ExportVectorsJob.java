package dev.retrain.job.cache;

import dev.retrain.backbone.FeatureSpec;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.text.TextExport;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes vectors of a cache as retrain.py's bottleneck files.
 *
 * @param directory where the class folders go
 * @param architecture what ends the files' names before {@code .txt}; empty for the oldest layout
 * @param imageDir the directory of the images; absent where there is none
 * @param bottleneckDir the cache directory
 * @param kind which vectors
 * @param force whether other files may be written over
 */
public record ExportVectorsJob(
    Path directory,
    String architecture,
    Optional<Path> imageDir,
    Path bottleneckDir,
    FeatureSpec kind,
    boolean force) {
  /**
   * Runs it.
   *
   * @param progress is told how far it is, and may stop it
   * @return what was done
   * @throws RetrainException where there is nothing to write, or another file is in the way
   * @throws CancelledException where the user stopped it
   * @throws IOException where a file can't be read or written
   */
  public TextExport.Result run(Progress progress) throws IOException {
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir)) {
      return TextExport.run(cache, kind, directory, architecture, imageDir, force, progress);
    }
  }
}
