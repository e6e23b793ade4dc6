package dev.retrain.dataset.labels;

import dev.retrain.dataset.FileHints;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.LabeledImage;
import dev.retrain.util.RetrainException;
import dev.retrain.util.text.Counted;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The classes of images.
 *
 * @param classes all classes, in order
 * @param sets the classes of each image, where an image may have any number of them; absent where
 *     each image has exactly one class, which its {@link ImageFile#label} says
 */
public record ImageLabels(List<String> classes, Optional<Map<Path, LabelSet>> sets) {
  private static final int MIN_PER_CLASS = 3;

  public ImageLabels {
    classes = List.copyOf(classes);
    sets = sets.map(Map::copyOf);
  }

  /** Exactly one class for each image. */
  public static ImageLabels single(List<String> classes) {
    return new ImageLabels(classes, Optional.empty());
  }

  /**
   * Any number of classes for each image.
   *
   * @param classes all classes, in order
   * @param names the names of the classes of each image
   * @throws IllegalArgumentException if one of them is not among {@code classes}
   */
  public static ImageLabels multiple(
      List<String> classes, Map<Path, ? extends Collection<String>> names) {
    Map<Path, LabelSet> sets = new HashMap<>();
    names.forEach(
        (image, labels) -> {
          int[] indexes = labels.stream().mapToInt(classes::indexOf).toArray();
          for (int index : indexes) {
            if (index < 0) {
              throw new IllegalArgumentException(
                  "%s has a label that is not a class: %s".formatted(image, labels));
            }
          }
          sets.put(image, LabelSet.of(indexes));
        });
    return new ImageLabels(classes, Optional.of(sets));
  }

  /** Whether an image may have any number of classes. */
  public boolean multiLabel() {
    return sets.isPresent();
  }

  /**
   * The names of an image's classes, for the fingerprint of the data; empty where the image has
   * exactly one class, which its name contains.
   */
  public String fingerprint(LabeledImage image) {
    return multiLabel() ? "\t" + LabelSet.join(of(image).names(classes)) : "";
  }

  /** The classes of an image. */
  public LabelSet of(ImageFile image) {
    return of(image.path(), image.label());
  }

  /** The classes of an image. */
  public LabelSet of(LabeledImage image) {
    return of(image.path(), image.label());
  }

  private LabelSet of(Path path, int label) {
    return sets.map(all -> all.getOrDefault(path, LabelSet.of())).orElse(LabelSet.of(label));
  }

  /**
   * Number of images of each class; an image counts in each of its classes.
   *
   * @param images the images to count
   */
  public int[] countsPerClass(Collection<LabeledImage> images) {
    int[] counts = new int[classes.size()];
    for (LabeledImage image : images) {
      for (int label : of(image).indexes()) {
        counts[label]++;
      }
    }
    return counts;
  }

  /**
   * Checks that each class has at least {@value #MIN_PER_CLASS} images.
   *
   * @param images the images to count
   * @throws RetrainException if a class has fewer
   */
  public void checkEnough(Collection<ImageFile> images) {
    boolean listed = images.stream().anyMatch(image -> !image.hints().equals(FileHints.NONE));
    int minimum = listed ? 1 : MIN_PER_CLASS;
    int[] counts = new int[classes.size()];
    for (ImageFile image : images) {
      for (int label : of(image).indexes()) {
        counts[label]++;
      }
    }
    for (int label = 0; label < counts.length; label++) {
      if (counts[label] < minimum) {
        throw new RetrainException(
            "Class '%s' has %s with different content; each class needs at least %d%s. Add images or"
                + " remove the class.",
            classes.get(label),
            Counted.of(counts[label], "readable image"),
            minimum,
            listed ? "" : ", for a training, a validation and a test set");
      }
    }
  }
}
