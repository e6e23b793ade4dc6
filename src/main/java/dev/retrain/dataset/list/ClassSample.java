package dev.retrain.dataset.list;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.split.HashOrder;
import dev.retrain.dataset.split.NohashCopies;
import dev.retrain.util.text.Counted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A sample of each class. Its files are evenly spaced in the order of their sets and of the hash
 * that determines the set, so that the sets keep their proportions. It depends on no other class.
 */
final class ClassSample {
  private ClassSample() {}

  /**
   * Samples a folder. A copy (_nohash_) does not count, and is kept where its source is.
   *
   * @param perClass maximum number of files per class
   * @param facts receives how many files are used
   */
  static List<ImageFile> apply(ImageFolder folder, int perClass, List<String> facts) {
    NohashCopies copies = new NohashCopies(folder.files());
    List<List<ImageFile>> classes = new ArrayList<>();
    folder.labels().forEach(label -> classes.add(new ArrayList<>()));
    for (ImageFile file : folder.files()) {
      if (!copies.isCopy(file.name())) {
        classes.get(file.label()).add(file);
      }
    }
    Set<ImageFile> sampled = new HashSet<>();
    classes.forEach(files -> sampled.addAll(sample(files, perClass)));
    List<ImageFile> kept =
        Exclusion.keep(
            folder.files(), file -> copies.isCopy(file.name()) || sampled.contains(file));
    facts.add(
        String.format(
            Locale.ROOT,
            "Uses at most %s per class: %,d of %s.",
            Counted.of(perClass, "image"),
            kept.size(),
            Counted.of(folder.files().size(), "file")));
    return kept;
  }

  private static List<ImageFile> sample(List<ImageFile> files, int count) {
    if (files.size() <= count) {
      return files;
    }
    List<ImageFile> ordered = files.stream().sorted(HashOrder.COMPARATOR).toList();
    List<ImageFile> sample = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // The middle of each of the equal parts.
      sample.add(ordered.get((int) ((2L * i + 1) * ordered.size() / (2L * count))));
    }
    return sample;
  }
}
