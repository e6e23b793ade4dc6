package dev.retrain.job.dataset;

import dev.retrain.dataset.cifar.CifarArchive;
import dev.retrain.dataset.cifar.CifarFolders;
import dev.retrain.dataset.cifar.CifarResult;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads CIFAR-10 and writes its images to class folders.
 *
 * @param origin the source of the archive
 * @param folders the class folders
 */
public record DownloadJob(ArchiveSource origin, CifarFolders folders) {
  private static final Logger LOG = LoggerFactory.getLogger(DownloadJob.class);

  private static final int MAX_NOTICES = 5;

  /**
   * Downloads the archive and writes the images. Does nothing if all images exist already.
   *
   * @param progress receives the progress, and can cancel the work
   * @throws RetrainException if the archive can't be downloaded or used, or the images can't be
   *     written
   * @throws CancelledException if the user cancels; finished parts are kept
   * @throws IOException if a file can't be read or written
   */
  public CifarResult run(Progress progress) throws IOException {
    String sha256 = origin.sha256();
    Optional<CifarResult> complete = folders.complete(sha256);
    if (complete.isPresent()) {
      return complete.get();
    }
    folders.checkWritable();
    CifarArchive archive = CifarArchive.check(origin.file(progress), progress);
    if (!origin.published().sha256().equals(Optional.of(sha256))) {
      LOG.warn(
          "{} is not the published {} (its SHA-256 is {}), but has the same format. Using its {}.",
          archive.file(),
          origin.published().name(),
          sha256,
          Counted.of(archive.images(), "image"));
    }
    CifarResult result = folders.write(archive, sha256, progress);
    logRestored(result.restored());
    return result;
  }

  private static void logRestored(List<Path> restored) {
    restored.stream()
        .limit(MAX_NOTICES)
        .forEach(
            path -> LOG.warn("Restored {}, which differed from the image in the archive.", path));
    if (restored.size() > MAX_NOTICES) {
      LOG.warn("Restored {} more.", Counted.of(restored.size() - MAX_NOTICES, "image"));
    }
  }
}
