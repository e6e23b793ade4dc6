package dev.retrain.dataset;

import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Splits images into training, validation and test sets by a hash of their names, as retrain.py
 * does: adding or removing images never moves another image to a different set, and all images that
 * share the part of their name before {@code _nohash_} are in the same set.
 *
 * <p>h is the SHA-1 of the UTF-8 of {@code class/file} with {@code _nohash_} and what follows
 * removed, p = (h mod 2^27) * 100 / (2^27 - 1). If p is below the validation percentage, the image
 * is a validation image; if p is below the sum of both percentages, a test image; otherwise a
 * training image. If a class has no image in a set, the image whose p is nearest to the set's range
 * is moved there, with a notice.
 *
 * <p>Copies ({@code X_nohash_Y} beside an image named {@code X}) are used for training only: copies
 * of training images are training images, all others are excluded. A copy neither fills an empty
 * set nor makes its source a test file.
 */
public final class Splitter {
  private static final Pattern NOHASH_SUFFIX =
      Pattern.compile(NohashCopies.MARK + ".*$", Pattern.DOTALL);

  private Splitter() {}

  /**
   * Splits the files of a folder, or the readable ones among them.
   *
   * @param folder determines the labels and which files are copies
   * @param files the files to split
   * @param options percentages, or the pattern of the test files
   * @throws dev.retrain.util.RetrainException if a class has too few images for three sets, or no
   *     file that matches the pattern of the test files
   */
  public static Split split(ImageFolder folder, List<ImageFile> files, SplitOptions options) {
    Map<ImageFile, Partition> partitions = new HashMap<>();
    List<String> notices = new ArrayList<>();
    Optional<PathMatcher> testFiles = options.testFiles().map(SplitOptions::matcher);
    List<Map<String, HashGroup>> classes = groups(folder, files);
    for (int label = 0; label < classes.size(); label++) {
      ClassSplit split = new ClassSplit(folder.labels().get(label), options, testFiles);
      // A group of copies alone, whose source is unreadable, is not used.
      classes.get(label).values().stream()
          .filter(group -> !group.files().isEmpty())
          .forEach(split::assign);
      notices.addAll(split.fillEmptySets());
      partitions.putAll(split.partitions());
    }
    List<LabeledImage> images = new ArrayList<>();
    List<ImageFile> excluded = new ArrayList<>();
    for (ImageFile file : files) {
      Partition partition = partitions.get(file);
      if (partition == null) {
        excluded.add(file);
      } else {
        images.add(new LabeledImage(file.path(), file.name(), file.label(), partition));
      }
    }
    return new Split(images, excluded, notices);
  }

  /** For each class, its groups by the name that is hashed. */
  private static List<Map<String, HashGroup>> groups(ImageFolder folder, List<ImageFile> files) {
    List<Map<String, HashGroup>> classes = new ArrayList<>();
    folder.labels().forEach(label -> classes.add(new TreeMap<>()));
    NohashCopies copies = new NohashCopies(folder.files());
    for (ImageFile file : files) {
      HashGroup group =
          classes
              .get(file.label())
              .computeIfAbsent(
                  NOHASH_SUFFIX.matcher(file.name()).replaceFirst(""), HashGroup::named);
      (copies.isCopy(file.name()) ? group.copies() : group.files()).add(file);
    }
    return classes;
  }
}
