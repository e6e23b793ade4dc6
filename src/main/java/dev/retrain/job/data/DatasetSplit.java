package dev.retrain.job.data;

import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.DataFingerprint;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.labels.ImageLabels;
import dev.retrain.dataset.labels.LabeledFolder;
import dev.retrain.dataset.split.DuplicateGroups;
import dev.retrain.dataset.split.Split;
import dev.retrain.dataset.split.SplitOptions;
import dev.retrain.dataset.split.Splitter;
import dev.retrain.image.SkippedFile;
import dev.retrain.model.data.DataOrigin;
import dev.retrain.model.data.DataOrigin.ClassCounts;
import dev.retrain.model.data.DataOrigin.ImageListing;
import dev.retrain.model.data.DataOrigin.SplitOrigin;
import dev.retrain.util.RetrainException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The usable files of a folder, split into training, validation and test sets by their names. Files
 * with the same content are assigned to the same set, the first of training, validation and test
 * that contains one of them, so that no content is both trained on and tested.
 *
 * @param folder the folder
 * @param labels the classes of the files
 * @param byName the files with the sets their names assign them to, in the folder's order
 * @param images the files with the sets they are used in, in the same order
 * @param options how they are assigned
 */
public record DatasetSplit(
    ImageFolder folder,
    ImageLabels labels,
    List<LabeledImage> byName,
    List<LabeledImage> images,
    SplitOptions options) {
  private static final Logger LOG = LoggerFactory.getLogger(DatasetSplit.class);

  private static final int MAX_NOTICES = 5;

  /**
   * Splits a folder whose files have exactly one class; the parameters are those of {@link
   * #split(LabeledFolder, List, int, SplitOptions, Map)}.
   */
  public static DatasetSplit split(
      ImageFolder folder,
      List<ImageFile> readable,
      int excluded,
      SplitOptions options,
      Map<Path, ContentHash> hashes) {
    return split(LabeledFolder.single(folder), readable, excluded, options, hashes);
  }

  /**
   * Splits a folder, and logs what the user should know.
   *
   * @param labeled the folder and the classes of its files
   * @param readable its usable files
   * @param excluded number of copies (_nohash_) that are excluded already
   * @param options how files are assigned to the sets
   * @param hashes the content hash of each file; a file without one has no duplicates
   * @throws RetrainException if a class has too few files, or a set has none
   */
  public static DatasetSplit split(
      LabeledFolder labeled,
      List<ImageFile> readable,
      int excluded,
      SplitOptions options,
      Map<Path, ContentHash> hashes) {
    ImageFolder folder = labeled.files();
    if (labeled.labels().multiLabel()) {
      labeled.labels().checkEnough(readable);
    } else {
      folder.checkReadable(readable);
    }
    Split byName = Splitter.split(folder, readable, options);
    logNotices(byName.notices());
    logExcluded(excluded + byName.excluded().size());
    List<LabeledImage> images = DuplicateGroups.mergePartitions(byName.images(), hashes);
    DatasetSplit split =
        new DatasetSplit(folder, labeled.labels(), byName.images(), images, options);
    split.checkNoneEmpty();
    split.logMoved();
    split.logEmptyClasses();
    return split;
  }

  private static void logNotices(List<String> notices) {
    notices.stream().limit(MAX_NOTICES).forEach(LOG::warn);
    if (notices.size() > MAX_NOTICES) {
      LOG.warn("{} more such notices are not shown.", notices.size() - MAX_NOTICES);
    }
  }

  private static void logExcluded(int copies) {
    if (copies > 0) {
      LOG.warn(
          "Excluded {} {} (_nohash_) of validation and test images: copies are used for training"
              + " only.",
          copies,
          copies == 1 ? "copy" : "copies");
    }
  }

  private void checkNoneEmpty() {
    for (Partition partition : Partition.values()) {
      if (count(partition) > 0) {
        continue;
      }
      if (byName.stream().noneMatch(image -> image.partition() == partition)) {
        throw new RetrainException(
            "%s has no %s image, because it has too few images or groups; add some.",
            folder.origin().path(), partition.word());
      }
      throw new RetrainException(
          "Every %s image in %s is a duplicate of an image in another set%s; remove the duplicates"
              + " or add images.",
          partition.word(),
          folder.origin().path(),
          hasGroups() ? ", or belongs to the group of one" : "");
    }
  }

  private boolean hasGroups() {
    return images.stream().anyMatch(image -> image.hints().group().isPresent());
  }

  /** Duplicates in two classes can leave one of them without images in a set. */
  private void logEmptyClasses() {
    for (Partition partition : Partition.values()) {
      int[] counts = countsPerClass(partition, images);
      int[] before = countsPerClass(partition, byName);
      for (int label = 0; label < counts.length; label++) {
        if (counts[label] == 0 && (before[label] > 0 || labels.multiLabel())) {
          logEmpty(labels.classes().get(label), partition);
        }
      }
    }
  }

  private void logEmpty(String label, Partition partition) {
    if (!labels.multiLabel()) {
      LOG.warn(
          "Class '{}' has no {} image: all of them are duplicates of images in another set{}.",
          label,
          partition.word(),
          hasGroups() ? ", or belong to the group of one" : "");
      return;
    }
    if (partition == Partition.TRAINING) {
      throw new RetrainException(
          "Class '%s' has no training image: all images with this class are in the validation or the"
              + " test set. Add images of it.",
          label);
    }
    LOG.warn(
        "Class '{}' has no {} image, so its average precision there is unknown.",
        label,
        partition.word());
  }

  private void logMoved() {
    long moved =
        IntStream.range(0, images.size())
            .filter(i -> images.get(i).partition() != byName.get(i).partition())
            .count();
    if (moved > 0) {
      LOG.warn(
          "Moved {} validation or test {} to the set of a file with the same content{}, to prevent data"
              + " leakage.",
          moved,
          moved == 1 ? "file" : "files",
          hasGroups() ? " or of its group" : "");
    }
  }

  /**
   * Describes the split for a model's metadata.
   *
   * @param hashes the content hash of each file
   * @param skipped files that can't be used
   * @param list how the images were listed; null for all images of a directory
   */
  DataOrigin origin(Map<Path, ContentHash> hashes, List<SkippedFile> skipped, ImageListing list) {
    Set<Path> unreadable = skipped.stream().map(SkippedFile::path).collect(Collectors.toSet());
    return new DataOrigin(
        folder.directory().toString(),
        DataFingerprint.compute(byName, hashes, labels::fingerprint),
        images.size(),
        folder.files().stream()
            .filter(file -> unreadable.contains(file.path()))
            .map(ImageFile::name)
            .toList(),
        new SplitOrigin(
            options.testingPercentage(),
            options.validationPercentage(),
            options.testFiles().orElse(null)),
        count(Partition.TRAINING),
        count(Partition.VALIDATION),
        count(Partition.TEST),
        classes(),
        list);
  }

  private int count(Partition partition) {
    return (int) images.stream().filter(image -> image.partition() == partition).count();
  }

  private List<ClassCounts> classes() {
    int[] training = countsPerClass(Partition.TRAINING, images);
    int[] validation = countsPerClass(Partition.VALIDATION, images);
    int[] test = countsPerClass(Partition.TEST, images);
    return IntStream.range(0, labels.classes().size())
        .mapToObj(label -> new ClassCounts(training[label], validation[label], test[label]))
        .toList();
  }

  private int[] countsPerClass(Partition partition, List<LabeledImage> counted) {
    return labels.countsPerClass(
        counted.stream().filter(image -> image.partition() == partition).toList());
  }
}
