package dev.retrain.job.dataset;

import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.augment.AugmentationOptions;
import dev.retrain.dataset.augment.AugmentationResult;
import dev.retrain.dataset.augment.LinkedFolder;
import dev.retrain.dataset.augment.OfflineAugmentation;
import dev.retrain.dataset.list.SplitFolders;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.image.PixelLimit;
import dev.retrain.image.SkippedFile;
import dev.retrain.util.CancelledException;
import dev.retrain.util.InvalidSettingException;
import dev.retrain.util.Progress;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a directory with the images of another one and distorted copies of its training images.
 *
 * @param imageDir the directory with the class folders
 * @param to the directory to fill; may be the same
 * @param split how images will be split into training, validation and test sets
 * @param perClass number of images per class, at least 1; absent for as many as the largest class
 *     has
 * @param options the ranges of the distortions
 * @param pixelLimit maximum size of an image; larger ones are skipped like unreadable files
 */
public record AugmentJob(
    Path imageDir,
    Path to,
    SplitOptions split,
    OptionalInt perClass,
    AugmentationOptions options,
    PixelLimit pixelLimit) {
  private static final Logger LOG = LoggerFactory.getLogger(AugmentJob.class);

  public AugmentJob {
    if (perClass.isPresent() && perClass.getAsInt() < 1) {
      throw new InvalidSettingException(
          Setting.IMAGES_PER_CLASS, "must be at least 1, but is %d", perClass.getAsInt());
    }
  }

  /**
   * The result of an augmentation.
   *
   * @param classes number of classes
   * @param perClass minimum number of images per class
   * @param originals number of original images added to the directory
   * @param kept number of copies that existed already
   * @param added number of new copies
   * @param skipped images that can't be read
   */
  public record Result(
      int classes, int perClass, int originals, int kept, int added, List<SkippedFile> skipped) {
    public Result {
      skipped = List.copyOf(skipped);
    }
  }

  /**
   * Fills the directory.
   *
   * @param progress receives the progress, and can cancel the work
   * @throws RetrainException if the images can't be used
   * @throws CancelledException if the user cancels; the next run resumes
   * @throws IOException if a file can't be read or written
   */
  public Result run(Progress progress) throws IOException {
    checkNotSplit(imageDir);
    checkNotSplit(to);
    ImageFolder source = ImageFolder.scan(imageDir);
    source.notices().forEach(LOG::warn);
    // Fails before anything is written if a class has too few images for the split.
    Splitter.split(source, source.files(), split);
    LockFile lock =
        LockFile.tryAcquire(to.resolve(".augment.lock"))
            .orElseThrow(
                () ->
                    new RetrainException(
                        "Another process is writing copies to %s; wait until it ends.", to));
    try (lock) {
      return write(source, progress);
    }
  }

  /** The folders of the sets would be taken for classes. */
  static void checkNotSplit(Path directory) throws IOException {
    if (SplitFolders.isSplit(directory)) {
      throw new RetrainException(
          "%s has folders for the training, validation and test sets; augment its folder of"
              + " training images only.",
          directory);
    }
  }

  private Result write(ImageFolder source, Progress progress) throws IOException {
    LinkedFolder originals =
        Files.exists(to) && Files.isSameFile(imageDir, to)
            ? new LinkedFolder(0, List.of())
            : LinkedFolder.make(source, to, progress);
    originals.skipped().forEach(file -> LOG.warn("Skipped {}: {}.", file.path(), file.reason()));
    // Split the directory that will be trained on: it may hold more images than the source.
    ImageFolder folder = ImageFolder.scan(to);
    AugmentationResult copies =
        OfflineAugmentation.run(
            folder,
            Splitter.split(folder, folder.files(), split),
            perClass,
            options,
            pixelLimit,
            progress);
    List<SkippedFile> skipped = new ArrayList<>(originals.skipped());
    skipped.addAll(copies.skipped());
    return new Result(
        folder.labels().size(),
        copies.perClass(),
        originals.added(),
        copies.kept(),
        copies.added(),
        skipped);
  }
}
