package dev.retrain.dataset.list;

import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.listing.FileListing;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Chooses some classes of a folder. */
final class ClassSelection {
  private static final int MAX_NAMED = 10;

  private ClassSelection() {}

  /**
   * The files of some classes, in the usual order of the classes.
   *
   * @param classes the chosen classes, in any order
   * @param facts receives how many classes are used
   * @throws RetrainException if there is no such class; names similar ones
   */
  static ImageFolder apply(ImageFolder folder, List<String> classes, List<String> facts) {
    for (String name : classes) {
      if (!folder.labels().contains(name)) {
        throw new RetrainException(
            "%s: there is no class '%s' in %s. %s",
            Setting.CLASSES, name, folder.origin().path(), hint(name, folder.labels()));
      }
    }
    List<String> chosen = folder.labels().stream().filter(classes::contains).toList();
    facts.add(
        String.format(
            Locale.ROOT,
            "Uses %,d of %,d classes: %s.",
            chosen.size(),
            folder.labels().size(),
            String.join(", ", chosen)));
    return folder.relabeled(chosen);
  }

  private static String hint(String name, List<String> labels) {
    List<String> similar =
        labels.stream()
            .filter(label -> distance(folded(name), folded(label)) <= 1 + name.length() / 4)
            .sorted(
                Comparator.comparingInt((String label) -> distance(folded(name), folded(label)))
                    .thenComparing(FileListing.CODE_POINTS))
            .toList();
    List<String> named = similar.isEmpty() ? labels : similar;
    return (similar.isEmpty() ? "The classes are: " : "Similar classes are: ")
        + named.stream().limit(MAX_NAMED).collect(Collectors.joining(", "))
        + (named.size() > MAX_NAMED ? ", ..." : ".");
  }

  private static String folded(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  /** The edit distance of Levenshtein. */
  private static int distance(String a, String b) {
    int[] costs = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      costs[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = costs[0];
      costs[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = costs[j];
        costs[j] = Math.min(change, Math.min(costs[j], costs[j - 1]) + 1);
      }
    }
    return costs[b.length()];
  }
}
