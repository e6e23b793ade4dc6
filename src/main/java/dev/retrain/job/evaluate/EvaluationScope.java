package dev.retrain.job.evaluate;

import dev.retrain.dataset.Partition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a model was evaluated on, and what of it the model had seen before.
 *
 * @param directory where the files lie
 * @param own whether these are the files the model was trained on: the same directory, or one with
 *     the same files
 * @param changed whether they have changed since
 * @param seenKnown whether it can be told which files the model had seen; where not, all count as
 *     new to it
 * @param partition which files were evaluated; absent means all
 * @param counts how many files there are of each partition: in a directory that is not the model's
 *     own, a copy of a training image is a training image, one of a validation image is a
 *     validation image, and all others are test images
 * @param duplicates how many files of the model's own directory were dealt to another partition,
 *     but have the content of a file it was trained on or validated with, and count as that
 * @param copies warped copies ({@code _nohash_}) that are left out
 * @param unknownClasses class folders that the model knows nothing of, and how many files each has;
 *     left out
 * @param missingClasses classes of the model of which no file was evaluated
 */
public record EvaluationScope(
    Path directory,
    boolean own,
    boolean changed,
    boolean seenKnown,
    Optional<Partition> partition,
    Map<Partition, Integer> counts,
    int duplicates,
    int copies,
    Map<String, Integer> unknownClasses,
    List<String> missingClasses) {
  /** Copies the maps; a partition that is not named has no files. */
  public EvaluationScope {
    EnumMap<Partition, Integer> all = new EnumMap<>(Partition.class);
    for (Partition each : Partition.values()) {
      all.put(each, counts.getOrDefault(each, 0));
    }
    counts = Map.copyOf(all);
    unknownClasses = new TreeMap<>(unknownClasses);
    missingClasses = List.copyOf(missingClasses);
  }

  /** Whether some of what was evaluated had been trained on, or chosen the layer by. */
  public boolean withSeen() {
    return partition.isEmpty()
        ? counts.get(Partition.TRAINING) + counts.get(Partition.VALIDATION) > 0
        : partition.get() != Partition.TEST;
  }

  /** What must be known to read the figures right: sentences for the user. */
  public List<String> notices() {
    List<String> notices = new ArrayList<>();
    int training = counts.get(Partition.TRAINING);
    int validation = counts.get(Partition.VALIDATION);
    if (changed) {
      notices.add(
          ("The files in %s have changed since the model was trained; those it was trained on are"
                  + " told by their names and contents.")
              .formatted(directory));
    }
    if (withSeen()) {
      notices.add(
          partition.isEmpty()
              ? format(
                  "These figures are of images the model has seen, too: %,d it was trained on and"
                      + " %,d that chose among its weights. They say little of new images.",
                  training, validation)
              : "These figures are of images that %s. They say little of new images."
                  .formatted(
                      partition.get() == Partition.TRAINING
                          ? "the model was trained on"
                          : "chose among its weights"));
    } else if (!own && training + validation > 0) {
      notices.add(
          format(
              "Left out of %s: %,d copies of images the model was trained on, and %,d of images"
                  + " that chose among its weights; --partition all takes them, too.",
              directory, training, validation));
    }
    if (duplicates > 0) {
      notices.add(
          format(
              "%,d files of other partitions have the content of one the model was trained on or"
                  + " validated with, and count as that.",
              duplicates));
    }
    if (!seenKnown) {
      notices.add(
          ("Whether the model was trained on images of %s can't be told: those it was trained on"
                  + " are neither where they were nor in the cache.")
              .formatted(directory));
    }
    if (copies > 0) {
      notices.add(format("Left out %,d warped copies (_nohash_) of other images.", copies));
    }
    if (!missingClasses.isEmpty()) {
      notices.add(
          format(
              "Of %,d of the model's classes there is no image (%s%s); those that one is taken for"
                  + " count as 0 in the mean of the classes.",
              missingClasses.size(),
              String.join(", ", missingClasses.subList(0, Math.min(5, missingClasses.size()))),
              missingClasses.size() > 5 ? ", ..." : ""));
    }
    unknownClasses.forEach(
        (label, files) ->
            notices.add(
                format("Left out '%s' (%,d files): the model has no such class.", label, files)));
    return notices;
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
