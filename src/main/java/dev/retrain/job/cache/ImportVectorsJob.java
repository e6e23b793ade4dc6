package dev.retrain.job.cache;

import dev.retrain.backbone.FeatureSpec;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.text.TextFolder;
import dev.retrain.bottleneck.text.TextImport;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files retrain.py's bottleneck files in a cache.
 *
 * @param directory the directory with the class folders
 * @param architecture what ends the files' names before {@code .txt}, empty for the oldest layout;
 *     absent takes what there is
 * @param expected what it should be where it is taken from what there is; absent is not checked
 * @param imageDir the directory of their images; absent where there is none
 * @param bottleneckDir the cache directory
 * @param kind whose vectors they are
 * @param strict whether one broken file is a failure
 */
public record ImportVectorsJob(
    Path directory,
    Optional<String> architecture,
    Optional<String> expected,
    Optional<Path> imageDir,
    Path bottleneckDir,
    FeatureSpec kind,
    boolean strict) {
  private static final Logger LOG = LoggerFactory.getLogger(ImportVectorsJob.class);

  /**
   * Runs it.
   *
   * @param progress is told how far it is, and may stop it
   * @return what was done
   * @throws RetrainException where the files can't be used
   * @throws CancelledException where the user stopped it
   * @throws IOException where a file can't be read or written
   */
  public TextImport.Result run(Progress progress) throws IOException {
    TextFolder text = TextFolder.list(directory, architecture);
    text.folder().notices().forEach(LOG::warn);
    checkArchitecture(text.architecture());
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir)) {
      return TextImport.run(cache, kind, text, imageDir, strict, progress);
    }
  }

  // Vectors of another network may well have the same length.
  private void checkArchitecture(String found) {
    if (architecture.isEmpty()
        && !found.isEmpty()
        && expected.isPresent()
        && !expected.get().equals(found)) {
      throw new RetrainException(
          ("%s holds vectors of '%s', but those of %s are called '%s'; name their network with"
                  + " --backbone, or say with --architecture %s that they are of this one.")
              .formatted(directory, found, kind.backbone().name(), expected.get(), found));
    }
  }
}
