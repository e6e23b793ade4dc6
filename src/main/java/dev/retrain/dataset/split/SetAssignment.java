package dev.retrain.dataset.split;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.Partition;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Assigns the files of a folder to sets. */
final class SetAssignment {
  private final List<String> labels;
  private final SplitOptions options;
  private final Optional<PathMatcher> testFiles;

  /** The validation and test sets that the folder comes with; the hash adds nothing to them. */
  private final Set<Partition> given;

  /** Whether a class may be without validation or test images. */
  private final boolean lenient;

  /** The units of each class by set. A unit of several classes is in each of them. */
  private final List<Map<Partition, Set<SplitUnit>>> classes = new ArrayList<>();

  SetAssignment(ImageFolder folder, SplitOptions options) {
    labels = folder.labels();
    this.options = options;
    testFiles = options.testFiles().map(SplitOptions::matcher);
    given =
        folder.files().stream()
            .flatMap(file -> file.hints().partition().stream())
            .filter(partition -> partition != Partition.TRAINING)
            .collect(Collectors.toSet());
    lenient = folder.hasHints();
    if (testFiles.isPresent() && given.contains(Partition.TEST)) {
      throw new RetrainException(
          "%s already has a test set, so %s can't choose another one; remove one of them.",
          folder.origin().path(), Setting.TEST_FILES);
    }
    for (int label = 0; label < labels.size(); label++) {
      Map<Partition, Set<SplitUnit>> sets = new EnumMap<>(Partition.class);
      for (Partition partition : Partition.values()) {
        sets.put(partition, new LinkedHashSet<>());
      }
      classes.add(sets);
    }
  }

  /** Assigns a unit to its given set, or to the one that its hash or the pattern determines. */
  void assign(SplitUnit unit) {
    Partition partition = unit.given().orElseGet(() -> hashed(unit));
    unit.labels().forEach(label -> classes.get(label).get(partition).add(unit));
  }

  private Partition hashed(SplitUnit unit) {
    Partition hashed = byHash(unit);
    return given.contains(hashed) ? Partition.TRAINING : hashed;
  }

  private Partition byHash(SplitUnit unit) {
    if (testFiles.isPresent() && isTestFile(unit)) {
      return Partition.TEST;
    }
    if (unit.percent() < options.validationPercentage()) {
      return Partition.VALIDATION;
    }
    boolean test = unit.percent() < options.validationPercentage() + options.testingPercentage();
    return test && testFiles.isEmpty() ? Partition.TEST : Partition.TRAINING;
  }

  private boolean isTestFile(SplitUnit unit) {
    return unit.members().stream()
        .flatMap(group -> group.files().stream())
        .anyMatch(file -> testFiles.orElseThrow().matches(file.fileName()));
  }

  /** The partition of each image, and of each copy of a training image. */
  Map<ImageFile, Partition> partitions() {
    Map<ImageFile, Partition> partitions = new HashMap<>();
    for (Map<Partition, Set<SplitUnit>> sets : classes) {
      sets.forEach(
          (partition, units) ->
              units.stream()
                  .flatMap(unit -> unit.members().stream())
                  .flatMap(group -> used(group, partition))
                  .forEach(file -> partitions.put(file, partition)));
    }
    return partitions;
  }

  private static Stream<ImageFile> used(HashGroup group, Partition partition) {
    return partition == Partition.TRAINING
        ? Stream.concat(group.files().stream(), group.copies().stream())
        : group.files().stream();
  }

  /**
   * Moves a unit to each empty set of a class.
   *
   * @return a notice for each move, and for each set that stays empty
   * @throws RetrainException if there are too few units, or no test file
   */
  List<String> fillEmptySets() {
    List<String> notices = new ArrayList<>();
    if (lenient) {
      // A class without training images can't be learned, so these come first.
      for (int label = 0; label < labels.size(); label++) {
        fill(label, Partition.TRAINING, notices);
      }
    }
    for (int label = 0; label < labels.size(); label++) {
      if (testFiles.isPresent() && classes.get(label).get(Partition.TEST).isEmpty()) {
        throw new RetrainException(
            "Class '%s' has no image that matches %s '%s'; each class needs at least one test"
                + " image.",
            labels.get(label), Setting.TEST_FILES, options.testFiles().orElseThrow());
      }
      for (Partition to : List.of(Partition.VALIDATION, Partition.TEST, Partition.TRAINING)) {
        fill(label, to, notices);
      }
    }
    return notices;
  }

  private void fill(int label, Partition to, List<String> notices) {
    if (!classes.get(label).get(to).isEmpty()) {
      return;
    }
    if (given.contains(to)) {
      notices.add("Class '%s' has no %s image.".formatted(labels.get(label), to.word()));
      return;
    }
    Optional<Move> move = nearest(label, to, lenient && to == Partition.TRAINING);
    if (move.isPresent()) {
      notices.add(move(label, to, move.get()));
    } else if (lenient && to != Partition.TRAINING) {
      notices.add(
          "Class '%s' has no %s image, because it has too few images or groups for three sets."
              .formatted(labels.get(label), to.word()));
    } else {
      throw tooFew(label);
    }
  }

  private RetrainException tooFew(int label) {
    return lenient
        ? new RetrainException(
            "Class '%s' has no training image; each class needs at least one. Add images, or remove"
                + " the class.",
            labels.get(label))
        : new RetrainException(
            "Class '%s' has too few images for a training, a validation and a test"
                + " set; an image and its copies (_nohash_) count as one. Add images.",
            labels.get(label));
  }

  private record Move(Partition from, SplitUnit unit) {}

  private String move(int label, Partition to, Move move) {
    for (int each : move.unit().labels()) {
      classes.get(each).get(move.from()).remove(move.unit());
      classes.get(each).get(to).add(move.unit());
    }
    return "Class '%s' has no image in the %s set: %s moves there from the %s set."
        .formatted(labels.get(label), to.word(), move.unit().description(), move.from().word());
  }

  /** The unit whose hash is nearest to the range of a set. */
  private Optional<Move> nearest(int label, Partition to, boolean mayEmpty) {
    return classes.get(label).entrySet().stream()
        .filter(entry -> testFiles.isEmpty() || entry.getKey() != Partition.TEST)
        .flatMap(entry -> entry.getValue().stream().map(unit -> new Move(entry.getKey(), unit)))
        .filter(move -> move.unit().given().isEmpty())
        .filter(move -> mayEmpty || leavesOthers(move))
        .min(
            Comparator.comparingDouble((Move m) -> distance(to, m.unit().percent()))
                .thenComparing(m -> m.unit().name()));
  }

  /** Whether no class of the unit loses its only unit of the set. */
  private boolean leavesOthers(Move move) {
    return move.unit().labels().stream()
        .allMatch(label -> classes.get(label).get(move.from()).size() > 1);
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
