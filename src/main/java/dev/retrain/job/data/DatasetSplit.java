package dev.retrain.job.data;

import dev.retrain.dataset.ContentHash;
import dev.retrain.dataset.DataFingerprint;
import dev.retrain.dataset.DuplicateGroups;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.Split;
import dev.retrain.dataset.SplitOptions;
import dev.retrain.dataset.Splitter;
import dev.retrain.image.SkippedFile;
import dev.retrain.model.ModelMetadata.ClassCounts;
import dev.retrain.model.ModelMetadata.DataOrigin;
import dev.retrain.model.ModelMetadata.SplitOrigin;
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
 * The files of a folder that can be used, dealt to partitions by their names; files of equal
 * content go with the one of them that a training uses first, so that nothing is tested that was
 * learnt.
 *
 * @param folder the folder
 * @param byName the files with the partitions of their names, in the folder's order
 * @param images the same with the partitions they are used in
 * @param options how they were dealt
 */
public record DatasetSplit(
    ImageFolder folder,
    List<LabeledImage> byName,
    List<LabeledImage> images,
    SplitOptions options) {
  private static final Logger LOG = LoggerFactory.getLogger(DatasetSplit.class);

  /** A class of many small ones is enough to make the point. */
  private static final int NOTICES = 5;

  /**
   * Deals, and tells the user what was moved.
   *
   * @param folder the folder
   * @param readable those of its files that can be used
   * @param leftOut copies of images that are not trained on, which were not even looked at
   * @param options how
   * @param hashes the hash of each file's content, where they are known
   * @throws RetrainException where a class is left with too few, or a partition with none
   */
  public static DatasetSplit split(
      ImageFolder folder,
      List<ImageFile> readable,
      int leftOut,
      SplitOptions options,
      Map<Path, ContentHash> hashes) {
    folder.checkReadable(readable);
    Split split = Splitter.split(folder, readable, options);
    tell(split.notices());
    tellLeftOut(leftOut + split.excluded().size());
    List<LabeledImage> images = DuplicateGroups.mergePartitions(split.images(), hashes);
    DatasetSplit deal = new DatasetSplit(folder, split.images(), images, options);
    deal.checkNoneEmpty();
    deal.tellMoved();
    return deal;
  }

  private static void tell(List<String> notices) {
    notices.stream().limit(NOTICES).forEach(LOG::warn);
    if (notices.size() > NOTICES) {
      LOG.warn("... and so for {} more.", notices.size() - NOTICES);
    }
  }

  private static void tellLeftOut(int copies) {
    if (copies > 0) {
      LOG.warn(
          "Left out {} cop{} (_nohash_) of images that are not trained on: copies are for"
              + " training only.",
          copies,
          copies == 1 ? "y" : "ies");
    }
  }

  private void checkNoneEmpty() {
    for (Partition partition : Partition.values()) {
      if (count(partition) == 0) {
        throw new RetrainException(
            ("Every %s image in %s has the content of one that is used before it; remove the"
                    + " copies, or add images.")
                .formatted(partition.word(), folder.directory()));
      }
    }
  }

  private void tellMoved() {
    long moved =
        IntStream.range(0, images.size())
            .filter(i -> images.get(i).partition() != byName.get(i).partition())
            .count();
    if (moved > 0) {
      LOG.warn(
          "{} of the files to validate or test with {} the content of one used before, and {} with"
              + " it: nothing is tested that was learnt.",
          moved,
          moved == 1 ? "has" : "have",
          moved == 1 ? "goes" : "go");
    }
  }

  /**
   * What is trained on, for the model's description.
   *
   * @param hashes the hash of each file's content
   * @param skipped files that can't be used
   */
  DataOrigin origin(Map<Path, ContentHash> hashes, List<SkippedFile> skipped) {
    Set<Path> unreadable = skipped.stream().map(SkippedFile::path).collect(Collectors.toSet());
    return new DataOrigin(
        folder.directory().toString(),
        DataFingerprint.compute(byName, hashes),
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
        classes());
  }

  private int count(Partition partition) {
    return (int) images.stream().filter(image -> image.partition() == partition).count();
  }

  private List<ClassCounts> classes() {
    int[] training = perClass(Partition.TRAINING);
    int[] validation = perClass(Partition.VALIDATION);
    int[] test = perClass(Partition.TEST);
    return IntStream.range(0, folder.labels().size())
        .mapToObj(label -> new ClassCounts(training[label], validation[label], test[label]))
        .toList();
  }

  private int[] perClass(Partition partition) {
    int[] counts = new int[folder.labels().size()];
    images.stream()
        .filter(image -> image.partition() == partition)
        .forEach(image -> counts[image.label()]++);
    return counts;
  }
}
