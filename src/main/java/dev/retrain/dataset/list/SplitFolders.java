package dev.retrain.dataset.list;

import dev.retrain.dataset.FileHints;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.ListOrigin;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.listing.FileListing;
import dev.retrain.dataset.listing.FileNames;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A directory with the folders {@code train}, {@code val} (or {@code validation}, {@code valid})
 * and {@code test}, or with {@code train} and one of the others, each with one folder per class.
 */
public final class SplitFolders {
  private static final int MAX_NAMED = 5;

  private SplitFolders() {}

  /** Whether a directory has a folder of training images and one of another set. */
  public static boolean isSplit(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    Set<Partition> found = new HashSet<>();
    for (Path entry : FileListing.entries(directory)) {
      Optional<Partition> partition = partition(entry);
      if (partition.isPresent() && hasFolder(entry)) {
        found.add(partition.get());
      }
    }
    return found.contains(Partition.TRAINING) && found.size() > 1;
  }

  private static Optional<Partition> partition(Path folder) {
    return Partition.parse(folder.getFileName().toString());
  }

  private static boolean hasFolder(Path entry) throws IOException {
    return Files.isDirectory(entry)
        && FileListing.entries(entry).stream().anyMatch(Files::isDirectory);
  }

  /**
   * Checks that a directory with a folder of training images has images in the folders of the other
   * sets, too.
   *
   * @throws RetrainException if one of them is empty, which would be a class without images, or a
   *     set without images
   * @throws IOException if a directory can't be read
   */
  static void checkFilled(Path directory) throws IOException {
    Optional<Path> training = Optional.empty();
    List<Path> empty = new ArrayList<>();
    int filled = 0;
    for (Path entry : FileListing.entries(directory)) {
      Optional<Partition> partition = partition(entry);
      if (partition.isEmpty() || !Files.isDirectory(entry)) {
        continue;
      }
      if (partition.get() == Partition.TRAINING) {
        training = hasFolder(entry) ? Optional.of(entry) : training;
      } else if (hasFile(entry)) {
        filled++;
      } else {
        empty.add(entry);
      }
    }
    if (training.isPresent() && !empty.isEmpty()) {
      throw new RetrainException(
          "%s has no images. Add class folders with images, or %s.",
          empty.get(0),
          filled > 0
              ? "remove it: the set is then taken from the images in " + training.get()
              : "use %s instead".formatted(training.get()));
    }
  }

  private static boolean hasFile(Path directory) throws IOException {
    for (Path entry : FileListing.entries(directory)) {
      if (Files.isRegularFile(entry) || (Files.isDirectory(entry) && hasFile(entry))) {
        return true;
      }
    }
    return false;
  }

  /** Lists the files of a directory that {@link #isSplit is split}. */
  static ImageFolder list(Path directory) throws IOException {
    List<String> notices = new ArrayList<>();
    Map<Partition, ImageFolder> sets = new EnumMap<>(Partition.class);
    for (Path entry : FileListing.entries(directory)) {
      Optional<Partition> partition = partition(entry);
      if (partition.isEmpty() || !Files.isDirectory(entry)) {
        notices.add("%s is beside the folders of the sets and is ignored.".formatted(entry));
        continue;
      }
      ImageFolder set = ImageFolder.list(entry);
      notices.addAll(set.notices());
      ImageFolder before = sets.put(partition.get(), set);
      if (before != null) {
        throw new RetrainException(
            "%s and %s are both the %s set; keep one of them, or change %s if they are classes.",
            before.directory(), set.directory(), partition.get().word(), Setting.SPLIT_FOLDERS);
      }
    }
    List<String> labels =
        sets.values().stream()
            .flatMap(set -> set.labels().stream())
            .distinct()
            .sorted(FileListing.CODE_POINTS)
            .toList();
    checkTrained(labels, sets);
    return new ImageFolder(
        directory,
        labels,
        files(directory, labels, sets),
        notices,
        new ListOrigin(directory, true, List.of(fact(directory, sets))));
  }

  private static void checkTrained(List<String> labels, Map<Partition, ImageFolder> sets) {
    Set<String> missing = new TreeSet<>(FileListing.CODE_POINTS);
    missing.addAll(labels);
    ImageFolder training = sets.get(Partition.TRAINING);
    training.files().forEach(file -> missing.remove(training.labels().get(file.label())));
    if (!missing.isEmpty()) {
      String names = missing.stream().limit(MAX_NAMED).collect(Collectors.joining("', '"));
      throw new RetrainException(
          "%s has no images of %s ('%s'%s), but every class needs training images. Add them or"
              + " remove the folders; if these are class folders and not sets, change %s.",
          training.directory(),
          Counted.of(missing.size(), "class"),
          names,
          missing.size() > MAX_NAMED ? ", ..." : "",
          Setting.SPLIT_FOLDERS);
    }
  }

  private static List<ImageFile> files(
      Path directory, List<String> labels, Map<Partition, ImageFolder> sets) {
    List<ImageFile> files = new ArrayList<>();
    sets.forEach(
        (partition, set) -> {
          FileHints hints = hints(partition, sets.keySet());
          for (ImageFile file : set.files()) {
            int label = labels.indexOf(set.labels().get(file.label()));
            files.add(new ImageFile(file.path(), file.name(), label, hints));
          }
        });
    // The name without the set, unless two sets have files of the same name.
    List<String> names =
        FileNames.unique(
            files.stream().map(ImageFile::name).toList(),
            files.stream()
                .map(
                    file ->
                        labels.get(file.label())
                            + "/"
                            + directory.relativize(file.path()).toString().replace('\\', '/'))
                .toList());
    List<ImageFile> named = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      ImageFile file = files.get(i);
      named.add(new ImageFile(file.path(), names.get(i), file.label(), file.hints()));
    }
    named.sort(ImageFolder.BY_CLASS_THEN_NAME.thenComparing(Comparator.comparing(ImageFile::path)));
    return named;
  }

  /** Where a set is missing, it is taken from the training images. */
  private static FileHints hints(Partition partition, Set<Partition> given) {
    boolean open = partition == Partition.TRAINING && given.size() < Partition.values().length;
    return open ? FileHints.NONE : FileHints.NONE.withPartition(partition);
  }

  private static String fact(Path directory, Map<Partition, ImageFolder> sets) {
    String counts =
        sets.values().stream()
            .map(
                set ->
                    "%s/ (%s)"
                        .formatted(
                            set.directory().getFileName(), Counted.of(set.files().size(), "file")))
            .collect(Collectors.joining(", "));
    String missing =
        sets.containsKey(Partition.VALIDATION)
            ? Partition.TEST.word()
            : Partition.VALIDATION.word();
    return sets.size() == Partition.values().length
        ? "%s is used as it is split: %s.".formatted(directory, counts)
        : "%s is used as it is split: %s; the %s set is taken from %s/ by a hash of the names."
            .formatted(
                directory, counts, missing, sets.get(Partition.TRAINING).directory().getFileName());
  }

  /**
   * The same folder with additional files, which may no longer exist.
   *
   * @param folder existing files
   * @param root the directory with the folders of the sets
   * @param more the additional files; those of no set or class are ignored
   */
  public static ImageFolder withFiles(ImageFolder folder, Path root, Collection<Path> more) {
    Path absolute = root.toAbsolutePath().normalize();
    Set<Partition> given = new HashSet<>();
    List<Path> below = new ArrayList<>();
    for (Path file : more) {
      Path path = absolute.relativize(file);
      Optional<Partition> partition = Partition.parse(path.getName(0).toString());
      if (partition.isPresent() && path.getNameCount() > 2) {
        given.add(partition.get());
        below.add(path);
      }
    }
    folder.files().forEach(file -> file.hints().partition().ifPresent(given::add));
    given.add(Partition.TRAINING);
    List<ImageFile> all = new ArrayList<>(folder.files());
    for (Path path : below) {
      int label = folder.labels().indexOf(path.getName(1).toString());
      if (label >= 0) {
        String name = path.subpath(1, path.getNameCount()).toString().replace('\\', '/');
        Partition partition = Partition.parse(path.getName(0).toString()).orElseThrow();
        all.add(new ImageFile(absolute.resolve(path), name, label, hints(partition, given)));
      }
    }
    all.sort(ImageFolder.BY_CLASS_THEN_NAME);
    return folder.withFiles(all);
  }
}
