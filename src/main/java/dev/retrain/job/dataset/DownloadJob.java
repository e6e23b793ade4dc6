package dev.retrain.job.dataset;

import dev.retrain.dataset.cifar.CifarArchive;
import dev.retrain.dataset.cifar.CifarFolders;
import dev.retrain.dataset.cifar.CifarResult;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts CIFAR-10's images into folders.
 *
 * @param origin where the archive comes from
 * @param folders where the images go
 */
public record DownloadJob(ArchiveSource origin, CifarFolders folders) {
  private static final Logger LOG = LoggerFactory.getLogger(DownloadJob.class);

  /** More would fill the screen. */
  private static final int NOTICES = 5;

  /**
   * Runs it. Where all images are there already, nothing is fetched or written.
   *
   * @param progress is told how far it is, and may stop it
   * @return what was done
   * @throws RetrainException where the archive can't be had or used, or the images not be written
   * @throws CancelledException where the user stopped it; what has come and is written stays
   * @throws IOException where a file can't be read or written
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
          "{} is not the published {} (its SHA-256 is {}). It is laid out in the same way, so its"
              + " {} images are taken.",
          archive.file(),
          origin.published().name(),
          sha256,
          String.format(Locale.ROOT, "%,d", archive.images()));
    }
    CifarResult result = folders.write(archive, sha256, progress);
    tell(result.restored());
    return result;
  }

  private static void tell(List<Path> restored) {
    restored.stream()
        .limit(NOTICES)
        .forEach(path -> LOG.warn("{} was not the archive's image, and is now.", path));
    if (restored.size() > NOTICES) {
      LOG.warn("... and so it was with {} more.", restored.size() - NOTICES);
    }
  }
}
