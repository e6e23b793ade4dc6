package dev.retrain.dataset;

import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The split of one class, while it is made. */
final class ClassSplit {
  private final String label;
  private final SplitOptions options;
  private final Optional<PathMatcher> testFiles;
  private final Map<Partition, List<HashGroup>> groups = new EnumMap<>(Partition.class);

  ClassSplit(String label, SplitOptions options, Optional<PathMatcher> testFiles) {
    this.label = label;
    this.options = options;
    this.testFiles = testFiles;
    for (Partition partition : Partition.values()) {
      groups.put(partition, new ArrayList<>());
    }
  }

  /** Adds a group to the partition that its hash, or the test file pattern, determines. */
  void assign(HashGroup group) {
    groups.get(partition(group)).add(group);
  }

  private Partition partition(HashGroup group) {
    if (testFiles.isPresent() && isTestFile(group)) {
      return Partition.TEST;
    }
    if (group.percent() < options.validationPercentage()) {
      return Partition.VALIDATION;
    }
    boolean test = group.percent() < options.validationPercentage() + options.testingPercentage();
    return test && testFiles.isEmpty() ? Partition.TEST : Partition.TRAINING;
  }

  private boolean isTestFile(HashGroup group) {
    return group.files().stream()
        .anyMatch(file -> testFiles.orElseThrow().matches(file.fileName()));
  }

  /** The partition of each image, and of each copy of a training image. */
  Map<ImageFile, Partition> partitions() {
    Map<ImageFile, Partition> partitions = new HashMap<>();
    groups.forEach(
        (partition, members) ->
            members.forEach(
                group -> group.files().forEach(file -> partitions.put(file, partition))));
    groups
        .get(Partition.TRAINING)
        .forEach(group -> group.copies().forEach(file -> partitions.put(file, Partition.TRAINING)));
    return partitions;
  }

  /**
   * Moves a group to each empty partition.
   *
   * @return a notice for each move
   * @throws RetrainException if there are too few groups, or no test file
   */
  List<String> fillEmptySets() {
    if (testFiles.isPresent() && groups.get(Partition.TEST).isEmpty()) {
      throw new RetrainException(
          "Class '%s' has no image that matches %s '%s'; each class needs at least one test image.",
          label, Setting.TEST_FILES, options.testFiles().orElseThrow());
    }
    List<String> notices = new ArrayList<>();
    for (Partition partition : List.of(Partition.VALIDATION, Partition.TEST, Partition.TRAINING)) {
      if (groups.get(partition).isEmpty()) {
        notices.add(moveNearest(partition));
      }
    }
    return notices;
  }

  private record Move(Partition from, HashGroup group) {}

  private String moveNearest(Partition to) {
    Move move =
        groups.entrySet().stream()
            .filter(entry -> entry.getValue().size() > 1)
            .filter(entry -> testFiles.isEmpty() || entry.getKey() != Partition.TEST)
            .flatMap(entry -> entry.getValue().stream().map(g -> new Move(entry.getKey(), g)))
            .min(
                Comparator.comparingDouble((Move m) -> distance(to, m.group().percent()))
                    .thenComparing(m -> m.group().name()))
            .orElseThrow(
                () ->
                    new RetrainException(
                        "Class '%s' has too few images for a training, a validation and a test"
                            + " set; an image and its copies (_nohash_) count as one. Add images.",
                        label));
    groups.get(move.from()).remove(move.group());
    groups.get(to).add(move.group());
    return "Class '%s' has no image in the %s set: %s moves there from the %s set."
        .formatted(label, to.word(), move.group().name(), move.from().word());
  }

  /** How far p lies outside the partition's range. */
  private double distance(Partition partition, double percent) {
    double validation = options.validationPercentage();
    double test = testFiles.isPresent() ? 0 : options.testingPercentage();
    double from =
        switch (partition) {
          case VALIDATION -> 0;
          case TEST -> validation;
          case TRAINING -> validation + test;
        };
    double to =
        switch (partition) {
          case VALIDATION -> validation;
          case TEST -> validation + test;
          case TRAINING -> 100;
        };
    return Math.max(0, Math.max(from - percent, percent - to));
  }
}
