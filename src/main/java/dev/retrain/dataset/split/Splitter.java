package dev.retrain.dataset.split;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.dataset.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
 * <p>Files of one group ({@link dev.retrain.dataset.FileHints}) are in the same set, across
 * classes, too: p is then the hash of the group's name. A file that a list assigns to a set stays
 * there. Where the list has a validation or test set, the hash determines only the sets that it
 * lacks.
 *
 * <p>Copies ({@code X_nohash_Y} beside an image named {@code X}) are used for training only: copies
 * of training images are training images, all others are excluded. A copy neither fills an empty
 * set nor makes its source a test file.
 */
public final class Splitter {
  private Splitter() {}

  /**
   * Splits the files of a folder, or the readable ones among them.
   *
   * @param folder determines the labels and which files are copies
   * @param files the files to split
   * @param options percentages, or the pattern of the test files
   * @throws dev.retrain.util.RetrainException if a class has too few images for three sets, or no
   *     file that matches the pattern of the test files, or a list assigns a group to two sets
   */
  public static Split split(ImageFolder folder, List<ImageFile> files, SplitOptions options) {
    SetAssignment sets = new SetAssignment(folder, options);
    SplitUnits.of(folder, files).forEach(sets::assign);
    List<String> notices = sets.fillEmptySets();
    Map<ImageFile, Partition> partitions = sets.partitions();
    List<LabeledImage> images = new ArrayList<>();
    List<ImageFile> excluded = new ArrayList<>();
    for (ImageFile file : files) {
      Partition partition = partitions.get(file);
      if (partition == null) {
        excluded.add(file);
      } else {
        images.add(new LabeledImage(file, partition));
      }
    }
    return new Split(images, excluded, notices);
  }
}
