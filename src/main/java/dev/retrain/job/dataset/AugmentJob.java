package dev.retrain.job.dataset;

import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.dataset.Splitter;
import dev.retrain.dataset.augment.AugmentationOptions;
import dev.retrain.dataset.augment.AugmentationResult;
import dev.retrain.dataset.augment.LinkedFolder;
import dev.retrain.dataset.augment.OfflineAugmentation;
import dev.retrain.image.SkippedFile;
import dev.retrain.util.CancelledException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a directory with the images of another and warped copies of those that are trained on.
 *
 * @param imageDir the directory with the class folders
 * @param to the directory that is filled; may be the same
 * @param split how images will be dealt to partitions
 * @param perClass images each class is to have, at least 1; absent means as many as the largest
 * @param options how copies differ from their images
 */
public record AugmentJob(
    Path imageDir, Path to, SplitOptions split, OptionalInt perClass, AugmentationOptions options) {
  private static final Logger LOG = LoggerFactory.getLogger(AugmentJob.class);

  /** Checks the range. */
  public AugmentJob {
    if (perClass.isPresent() && perClass.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "images per class must be at least 1, but is " + perClass.getAsInt());
    }
  }

  /**
   * Runs it.
   *
   * @param progress is told how far it is, and may stop it
   * @return what it did
   * @throws RetrainException where the images can't be used
   * @throws CancelledException where the user stopped it; the next run goes on from there
   * @throws IOException where a file can't be read or written
   */
  public AugmentResult run(Progress progress) throws IOException {
    ImageFolder source = ImageFolder.scan(imageDir);
    source.notices().forEach(LOG::warn);
    // A class that can't fill its partitions is told before anything is written.
    Splitter.split(source, source.files(), split);
    LinkedFolder originals =
        Files.exists(to) && Files.isSameFile(imageDir, to)
            ? new LinkedFolder(0, List.of())
            : LinkedFolder.make(source, to, progress);
    originals.skipped().forEach(p -> LOG.warn("Left out {}: {}.", p.path(), p.reason()));
    // What will be trained on is dealt as it lies there.
    ImageFolder folder = ImageFolder.scan(to);
    AugmentationResult copies =
        OfflineAugmentation.run(
            folder, Splitter.split(folder, folder.files(), split), perClass, options, progress);
    List<SkippedFile> skipped = new ArrayList<>(originals.skipped());
    skipped.addAll(copies.skipped());
    return new AugmentResult(
        folder.labels().size(),
        copies.perClass(),
        originals.added(),
        copies.kept(),
        copies.added(),
        skipped);
  }
}
