package dev.retrain.job;

import dev.retrain.backbone.VectorKind;
import dev.retrain.bottleneck.BottleneckCache;
import dev.retrain.bottleneck.TextExport;
import dev.retrain.work.Cancelled;
import dev.retrain.work.Failure;
import dev.retrain.work.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes vectors of a cache as retrain.py's bottleneck files.
 *
 * @param directory where the class folders go
 * @param architecture what ends the files' names before {@code .txt}; empty for the oldest layout
 * @param imageDir the directory of the pictures; absent where there is none
 * @param bottleneckDir the cache directory
 * @param kind which vectors
 * @param force whether other files may be written over
 */
public record ExportJob(
    Path directory,
    String architecture,
    Optional<Path> imageDir,
    Path bottleneckDir,
    VectorKind kind,
    boolean force) {
  /**
   * Runs it.
   *
   * @param progress is told how far it is, and may stop it
   * @return what was done
   * @throws Failure where there is nothing to write, or another file is in the way
   * @throws Cancelled where the user stopped it
   * @throws IOException where a file can't be read or written
   */
  public TextExport.Result run(Progress progress) throws IOException {
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir)) {
      return TextExport.run(cache, kind, directory, architecture, imageDir, force, progress);
    }
  }
}
