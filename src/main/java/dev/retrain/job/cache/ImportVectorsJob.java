package dev.retrain.job.cache;

import dev.retrain.backbone.FeatureSpec;
import dev.retrain.bottleneck.cache.BottleneckCache;
import dev.retrain.bottleneck.text.NamedImages;
import dev.retrain.bottleneck.text.TextFolder;
import dev.retrain.bottleneck.text.TextImport;
import dev.retrain.dataset.list.ImageLocation;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imports retrain.py's bottleneck files into a cache.
 *
 * @param directory the directory with the class folders
 * @param architecture suffix of the file names before {@code .txt}, empty for the oldest layout; if
 *     absent, the suffix is detected
 * @param expected the suffix that a detected one must equal; absent if it is not checked
 * @param images the images; absent if there are none
 * @param bottleneckDir the cache directory
 * @param kind the backbone and features of the vectors
 * @param strict whether an unreadable file is an error
 * @param verifyContent whether to hash every image instead of trusting stamps
 */
public record ImportVectorsJob(
    Path directory,
    Optional<String> architecture,
    Optional<String> expected,
    Optional<ImageLocation> images,
    Path bottleneckDir,
    FeatureSpec kind,
    boolean strict,
    boolean verifyContent) {
  private static final Logger LOG = LoggerFactory.getLogger(ImportVectorsJob.class);

  /**
   * Imports the files.
   *
   * @param progress receives the progress, and can cancel the work
   * @throws RetrainException if the files can't be used
   * @throws CancelledException if the user cancels
   * @throws IOException if a file can't be read or written
   */
  public TextImport.Result run(Progress progress) throws IOException {
    TextFolder text = TextFolder.list(directory, architecture);
    text.folder().notices().forEach(LOG::warn);
    checkArchitecture(text.architecture());
    try (BottleneckCache cache = new BottleneckCache(bottleneckDir, verifyContent)) {
      return TextImport.run(cache, kind, text, NamedImages.of(images), strict, progress);
    }
  }

  // The length of the vectors doesn't distinguish backbones.
  private void checkArchitecture(String detected) {
    if (architecture.isEmpty()
        && !detected.isEmpty()
        && expected.isPresent()
        && !expected.get().equals(detected)) {
      throw new RetrainException(
          "The files in %s end with '%s', but those of %s end with '%s'. Specify their backbone"
              + " with %s, or confirm the suffix '%s' with %s.",
          directory,
          detected,
          kind.backbone().name(),
          expected.get(),
          Setting.BACKBONE,
          detected,
          Setting.ARCHITECTURE);
    }
  }
}
