package dev.retrain.dataset;

import dev.retrain.util.RetrainException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.PathMatcher;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Deals images to partitions by a hash of their names, as retrain.py does: an image keeps its
 * partition when others are added or removed, and all images that share the part of their name
 * before {@code _nohash_} stay together.
 *
 * <p>h is the SHA-1 of the UTF-8 of {@code class/file} with {@code _nohash_} and what follows
 * removed, p = (h mod 2^27) * 100 / (2^27 - 1). p below the validation percentage makes a
 * validation image, p below the sum of both percentages a test image, anything else a training
 * image. Where that leaves a class without an image in a partition, the one whose p is nearest to
 * the partition's range is moved there, and a notice says so.
 *
 * <p>Copies ({@code X_nohash_Y} beside an image named {@code X}) are for training only: those of a
 * training image are training images, too, the others are left out. They neither fill a partition
 * nor make a test file of their source.
 *
 * @param images the images with their partitions, in the order given
 * @param leftOut copies of images that are not trained on
 * @param notices sentences for the user about images that were moved
 */
public record Split(List<LabeledImage> images, List<ImageFile> leftOut, List<String> notices) {
  private static final long MAX_HASH = (1L << 27) - 1;
  private static final Pattern NO_HASH = Pattern.compile(NohashCopies.MARK + ".*$", Pattern.DOTALL);

  /** Copies the lists. */
  public Split {
    images = List.copyOf(images);
    leftOut = List.copyOf(leftOut);
    notices = List.copyOf(notices);
  }

  /** Images that share a partition, and their copies. */
  private record Source(
      String name, double percent, List<ImageFile> files, List<ImageFile> copies) {
    Source(String name) {
      this(name, Split.percent(name), new ArrayList<>(), new ArrayList<>());
    }
  }

  /**
   * Deals the files of a folder, or those of them that can be read.
   *
   * @param folder the folder, for its labels and for what is a copy
   * @param files the files to deal
   * @param options how
   * @return the files with their partitions
   * @throws RetrainException where a class can't fill all three partitions, or no file matches the
   *     glob
   */
  public static Split of(ImageFolder folder, List<ImageFile> files, SplitOptions options) {
    Optional<PathMatcher> testFiles = options.testFiles().map(SplitOptions::matcher);
    List<Map<String, Source>> classes = new ArrayList<>();
    folder.labels().forEach(label -> classes.add(new TreeMap<>()));
    NohashCopies copies = new NohashCopies(folder.files());
    for (ImageFile file : files) {
      Source source =
          classes
              .get(file.label())
              .computeIfAbsent(NO_HASH.matcher(file.name()).replaceFirst(""), Source::new);
      (copies.isCopy(file.name()) ? source.copies() : source.files()).add(file);
    }
    Map<ImageFile, Partition> partitions = new HashMap<>();
    List<String> notices = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      Dealing dealing = new Dealing(folder.labels().get(label), options, testFiles);
      // A source that can't be read leaves copies alone: they are no image to deal.
      classes.get(label).values().stream()
          .filter(source -> !source.files().isEmpty())
          .forEach(dealing::deal);
      dealing.fillEmpty(notices);
      partitions.putAll(dealing.files());
    }
    List<LabeledImage> images = new ArrayList<>();
    List<ImageFile> leftOut = new ArrayList<>();
    for (ImageFile file : files) {
      if (partitions.containsKey(file)) {
        images.add(new LabeledImage(file.path(), file.name(), file.label(), partitions.get(file)));
      } else {
        leftOut.add(file);
      }
    }
    return new Split(images, leftOut, notices);
  }

  /**
   * retrain.py's percentage of a name.
   *
   * @param name {@code class/file}, already without {@code _nohash_}
   * @return 0 to 100
   */
  static double percent(String name) {
    try {
      byte[] sha1 =
          MessageDigest.getInstance("SHA-1").digest(name.getBytes(StandardCharsets.UTF_8));
      long hash = new BigInteger(1, sha1).mod(BigInteger.valueOf(MAX_HASH + 1)).longValueExact();
      return hash * (100.0 / MAX_HASH);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** One class on its way to three partitions. */
  private static final class Dealing {
    private final String label;
    private final SplitOptions options;
    private final Optional<PathMatcher> testFiles;
    private final Map<Partition, List<Source>> partitions = new EnumMap<>(Partition.class);

    Dealing(String label, SplitOptions options, Optional<PathMatcher> testFiles) {
      this.label = label;
      this.options = options;
      this.testFiles = testFiles;
      for (Partition partition : Partition.values()) {
        partitions.put(partition, new ArrayList<>());
      }
    }

    void deal(Source source) {
      partitions.get(partition(source)).add(source);
    }

    private Partition partition(Source source) {
      if (testFiles.isPresent() && isTestFile(source)) {
        return Partition.TEST;
      }
      if (source.percent() < options.validationPercentage()) {
        return Partition.VALIDATION;
      }
      boolean test =
          source.percent() < options.validationPercentage() + options.testingPercentage();
      return test && testFiles.isEmpty() ? Partition.TEST : Partition.TRAINING;
    }

    private boolean isTestFile(Source source) {
      return source.files().stream()
          .anyMatch(file -> testFiles.orElseThrow().matches(file.fileName()));
    }

    Map<ImageFile, Partition> files() {
      Map<ImageFile, Partition> files = new HashMap<>();
      partitions.forEach(
          (partition, sources) ->
              sources.forEach(
                  source -> source.files().forEach(file -> files.put(file, partition))));
      partitions
          .get(Partition.TRAINING)
          .forEach(source -> source.copies().forEach(file -> files.put(file, Partition.TRAINING)));
      return files;
    }

    void fillEmpty(List<String> notices) {
      if (testFiles.isPresent() && partitions.get(Partition.TEST).isEmpty()) {
        throw new RetrainException(
            "No image of class '%s' matches --test-files '%s'; every class needs at least one."
                .formatted(label, options.testFiles().orElseThrow()));
      }
      for (Partition partition :
          List.of(Partition.VALIDATION, Partition.TEST, Partition.TRAINING)) {
        if (partitions.get(partition).isEmpty()) {
          moveNearest(partition, notices);
        }
      }
    }

    private void moveNearest(Partition to, List<String> notices) {
      record Move(Partition from, Source source) {}
      Move move =
          partitions.entrySet().stream()
              .filter(entry -> entry.getValue().size() > 1)
              .filter(entry -> testFiles.isEmpty() || entry.getKey() != Partition.TEST)
              .flatMap(entry -> entry.getValue().stream().map(s -> new Move(entry.getKey(), s)))
              .min(
                  Comparator.comparingDouble((Move m) -> distance(to, m.source().percent()))
                      .thenComparing(m -> m.source().name()))
              .orElseThrow(
                  () ->
                      new RetrainException(
                          ("Class '%s' has too few images to train, validate and test with;"
                                  + " copies (_nohash_) of one image count once. Add images.")
                              .formatted(label)));
      partitions.get(move.from()).remove(move.source());
      partitions.get(to).add(move.source());
      notices.add(
          "Class '%s' is small: %s moved from %s to %s, which had none of it."
              .formatted(
                  label,
                  move.source().name(),
                  move.from().name().toLowerCase(java.util.Locale.ROOT),
                  to.name().toLowerCase(java.util.Locale.ROOT)));
    }

    // How far p lies outside the partition's range.
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
}
