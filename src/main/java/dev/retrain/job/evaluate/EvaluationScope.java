package dev.retrain.job.evaluate;

import dev.retrain.dataset.Partition;
import dev.retrain.util.text.Counted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The images a model is evaluated on, and which of them it was trained on.
 *
 * @param directory the directory of the files, or the manifest
 * @param overlap how its files relate to those the model was trained on
 * @param partition the evaluated set; absent if all files are evaluated
 * @param counts number of files of each set. In a directory that is not the model's own, a copy of
 *     a training or validation image belongs to that set, and all others are test images
 * @param unknownClasses class folders that are not classes of the model, with their numbers of
 *     files; they are excluded
 * @param ignoredLabels labels that are not classes of the model, with their numbers of images that
 *     are evaluated for the sake of their other labels
 * @param missingClasses classes of the model without an evaluated file
 * @param unreadable names of the files that could not be read when the model was trained; they are
 *     excluded
 */
public record EvaluationScope(
    Path directory,
    TrainingOverlap overlap,
    Optional<Partition> partition,
    Map<Partition, Integer> counts,
    Map<String, Integer> unknownClasses,
    Map<String, Integer> ignoredLabels,
    List<String> missingClasses,
    List<String> unreadable) {
  private static final int MAX_NAMED = 5;

  /** A set that {@code counts} doesn't contain has no files. */
  public EvaluationScope {
    EnumMap<Partition, Integer> all = new EnumMap<>(Partition.class);
    for (Partition each : Partition.values()) {
      all.put(each, counts.getOrDefault(each, 0));
    }
    counts = Map.copyOf(all);
    unknownClasses = new TreeMap<>(unknownClasses);
    ignoredLabels = new TreeMap<>(ignoredLabels);
    missingClasses = List.copyOf(missingClasses);
    unreadable = List.copyOf(unreadable);
  }

  /** Whether the evaluated images include training or validation images. */
  public boolean withSeen() {
    return partition.isEmpty()
        ? counts.get(Partition.TRAINING) + counts.get(Partition.VALIDATION) > 0
        : partition.get() != Partition.TEST;
  }

  /** What the user must know to interpret the metrics, as sentences. */
  public List<String> notices() {
    List<String> notices = new ArrayList<>();
    if (overlap.changed() && !overlap.known() && !overlap.own()) {
      notices.add(
          format(
              "The manifest that the model was trained on, or its files, have changed since. Images of"
                  + " %s that are no longer in it may have been trained on.",
              directory));
    } else if (overlap.changed() && !overlap.known()) {
      notices.add(
          format(
              "%s or its files have changed since the model was trained. The sets are those that it"
                  + " has now, so images that the model was trained on may be among the evaluated"
                  + " ones.",
              directory));
    } else if (overlap.changed()) {
      notices.add(
          format(
              "The files in %s have changed since the model was trained. Training images are"
                  + " identified by their names and contents.",
              directory));
    }
    addSeen(notices);
    if (overlap.duplicates() > 0) {
      notices.add(
          format(
              "%s of other sets %s of training or validation images and %s assigned to their sets.",
              Counted.of(overlap.duplicates(), "file"),
              overlap.duplicates() == 1 ? "is a duplicate" : "are duplicates",
              overlap.duplicates() == 1 ? "is" : "are"));
    }
    if (!overlap.known() && !overlap.own() && !overlap.changed()) {
      notices.add(
          format(
              "It is unknown whether the model was trained on images of %s: its training images are"
                  + " neither recorded nor in their directory nor in the cache.",
              directory));
    }
    if (overlap.copies() > 0) {
      notices.add(
          format(
              "Excluded %s (_nohash_) of other images.",
              Counted.of(overlap.copies(), "distorted copy")));
    }
    if (partition.isEmpty() && !unreadable.isEmpty()) {
      notices.add(
          format(
              "Excluded %s that could not be read when the model was trained (%s).",
              Counted.of(unreadable.size(), "file"), named(unreadable)));
    }
    addClasses(notices);
    return notices;
  }

  private void addSeen(List<String> notices) {
    int training = counts.get(Partition.TRAINING);
    int validation = counts.get(Partition.VALIDATION);
    if (withSeen() && partition.isPresent()) {
      notices.add(
          format(
              "These metrics are for %s images, which influenced the model. They don't predict its"
                  + " accuracy on new images.",
              partition.get().word()));
    } else if (withSeen()) {
      notices.add(
          format(
              "These metrics include %s and %s, which influenced the model. They don't predict its"
                  + " accuracy on new images.",
              Counted.of(training, "training image"), Counted.of(validation, "validation image")));
    } else if (!overlap.own() && training + validation > 0) {
      notices.add(
          format(
              "Excluded from %s: %s of training images and %s of validation images of the model.",
              directory, Counted.of(training, "copy"), Counted.of(validation, "copy")));
    }
  }

  private void addClasses(List<String> notices) {
    if (!missingClasses.isEmpty()) {
      notices.add(
          format(
              "%s of the model %s no image (%s). If one is predicted, it counts as 0 in the macro"
                  + " average.",
              Counted.of(missingClasses.size(), "class"),
              missingClasses.size() == 1 ? "has" : "have",
              named(missingClasses)));
    }
    unknownClasses.forEach(
        (label, files) ->
            notices.add(
                format(
                    "Excluded '%s' (%s): the model has no such class.",
                    label, Counted.of(files, "file"))));
    ignoredLabels.forEach(
        (label, images) ->
            notices.add(
                format(
                    "Ignored the label '%s' of %s: the model has no such class.",
                    label, Counted.of(images, "image"))));
  }

  private static String named(List<String> names) {
    int named = Math.min(MAX_NAMED, names.size());
    return String.join(", ", names.subList(0, named)) + (names.size() > named ? ", ..." : "");
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
