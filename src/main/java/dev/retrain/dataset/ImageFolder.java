package dev.retrain.dataset;

import dev.retrain.dataset.archive.ImageArchive;
import dev.retrain.dataset.listing.ClassNames;
import dev.retrain.dataset.listing.FileListing;
import dev.retrain.dataset.listing.LayoutHint;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.io.NameEncoding;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A directory with one folder per class.
 *
 * <p>A class is a folder directly in the directory, and its label is the folder's name as it is
 * spelled; classes are sorted by the code points of their names. Every file at any depth below the
 * folder belongs to the class, whatever its extension: whether it is an image is detected from its
 * content when it is decoded. Hidden files and what file managers, operating systems and network
 * drives leave behind ({@code Thumbs.db}, {@code __MACOSX}, {@code @eaDir}) are ignored.
 *
 * <p>The files may also come from split folders or from a manifest, with classes of their own.
 *
 * @param directory the directory, which contains all files; of a manifest, the innermost one
 * @param labels the names of the classes
 * @param files the files, sorted by class, then by name
 * @param notices sentences for the user about ignored files
 * @param origin where the files were listed
 */
public record ImageFolder(
    Path directory,
    List<String> labels,
    List<ImageFile> files,
    List<String> notices,
    ListOrigin origin) {
  /** Smallest number of images of a class: one for each partition. */
  static final int MIN_PER_CLASS = 3;

  /** The order of the files. */
  public static final Comparator<ImageFile> BY_CLASS_THEN_NAME =
      Comparator.comparingInt(ImageFile::label)
          .thenComparing(ImageFile::name, FileListing.CODE_POINTS);

  public ImageFolder {
    labels = List.copyOf(labels);
    files = List.copyOf(files);
    notices = List.copyOf(notices);
  }

  /** The files of a plain directory. */
  public ImageFolder(
      Path directory, List<String> labels, List<ImageFile> files, List<String> notices) {
    this(directory, labels, files, notices, ListOrigin.directory(directory));
  }

  /**
   * Lists a directory of training images.
   *
   * @param directory the directory with the class folders, or an archive of it
   * @throws RetrainException if there are fewer than two classes, or fewer than three files in one
   * @throws IOException if the directory can't be read
   */
  public static ImageFolder scan(Path directory) throws IOException {
    ImageFolder folder = list(directory);
    folder.checkEnough();
    return folder;
  }

  /**
   * Lists a directory with any number of classes and files.
   *
   * @param path the directory with the class folders, or an archive of it
   * @throws RetrainException if it is neither, or a folder's name can't be a label
   * @throws IOException if the directory can't be read
   */
  public static ImageFolder list(Path path) throws IOException {
    Path directory = ImageArchive.directory(path);
    if (!Files.isDirectory(directory)) {
      throw new RetrainException(
          "%s is not a directory. Set %s to a directory that contains one folder of images per"
              + " class, or to a zip or tar archive of it.",
          directory, Setting.IMAGE_DIRECTORY);
    }
    List<String> labels = new ArrayList<>();
    List<ImageFile> files = new ArrayList<>();
    int looseFiles = 0;
    for (Path entry : FileListing.entries(directory)) {
      if (Files.isDirectory(entry)) {
        files.addAll(filesOfClass(entry, labels.size()));
        labels.add(ClassNames.label(entry));
      } else {
        FileListing.checkTarget(entry);
        looseFiles++;
      }
    }
    if (!NameEncoding.isUnicode()) {
      files.forEach(ImageFolder::checkRepresentable);
    }
    List<String> notices = new ArrayList<>(notices(directory, looseFiles));
    FileListing.dottedFolders(directory)
        .forEach(
            name ->
                notices.add(
                    "The folder '%s' is hidden, because its name starts with a dot, and is ignored."
                        .formatted(name)));
    notices.addAll(ClassNames.similar(labels));
    return new ImageFolder(directory, labels, files, notices);
  }

  /** The split hashes the name, so it must be the same in every locale. */
  private static void checkRepresentable(ImageFile file) {
    if (NameEncoding.isLossy(file.path())) {
      throw new RetrainException(
          "The file name '%s' (percent-encoded) can't be represented: %s.",
          NameEncoding.percentEncoded(file.path()), NameEncoding.remedy());
    }
  }

  private static List<String> notices(Path directory, int looseFiles) {
    return switch (looseFiles) {
      case 0 -> List.of();
      case 1 ->
          List.of("1 file directly in %s belongs to no class and is ignored.".formatted(directory));
      default ->
          List.of(
              String.format(
                  Locale.ROOT,
                  "%,d files directly in %s belong to no class and are ignored.",
                  looseFiles,
                  directory));
    };
  }

  private static List<ImageFile> filesOfClass(Path folder, int label) throws IOException {
    String className = ClassNames.label(folder);
    List<ImageFile> files = new ArrayList<>();
    for (Path file : FileListing.filesBelow(folder)) {
      String name = className + "/" + folder.relativize(file).toString().replace('\\', '/');
      files.add(new ImageFile(file, name, label));
    }
    files.sort(BY_CLASS_THEN_NAME);
    return files;
  }

  /** The same folder without some of its files. */
  public ImageFolder without(Collection<ImageFile> excluded) {
    Set<ImageFile> set = Set.copyOf(excluded);
    return withFiles(files.stream().filter(file -> !set.contains(file)).toList());
  }

  /** The same folder with other files, which are sorted. */
  public ImageFolder withFiles(List<ImageFile> other) {
    return new ImageFolder(directory, labels, other, notices, origin);
  }

  /**
   * The same files with the indexes of other labels.
   *
   * @param other the labels; files of a class that is not among them are dropped
   */
  public ImageFolder relabeled(List<String> other) {
    List<ImageFile> relabeled = new ArrayList<>();
    for (ImageFile file : files) {
      int label = other.indexOf(labels.get(file.label()));
      if (label >= 0) {
        relabeled.add(file.withLabel(label));
      }
    }
    relabeled.sort(BY_CLASS_THEN_NAME);
    return new ImageFolder(directory, other, relabeled, notices, origin);
  }

  /**
   * The same folder with additional files.
   *
   * @param root a directory that contains the files, which may no longer exist, in class folders
   * @param more the files; those that belong to no class of this folder are ignored
   */
  public ImageFolder withFiles(Path root, Collection<Path> more) {
    List<ImageFile> all = new ArrayList<>(files);
    for (Path file : more) {
      Path below = root.toAbsolutePath().normalize().relativize(file);
      int label = labels.indexOf(below.getName(0).toString());
      if (label >= 0 && below.getNameCount() > 1) {
        all.add(new ImageFile(file, below.toString().replace('\\', '/'), label));
      }
    }
    all.sort(BY_CLASS_THEN_NAME);
    return withFiles(all);
  }

  /**
   * The same folder with other names for its files, sorted by the new names.
   *
   * @param naming returns the {@code class/file} of a file, or empty to drop the file
   */
  public ImageFolder renamed(Function<ImageFile, Optional<String>> naming) {
    List<ImageFile> renamed = new ArrayList<>();
    for (ImageFile file : files) {
      naming
          .apply(file)
          .ifPresent(
              name -> renamed.add(new ImageFile(file.path(), name, file.label(), file.hints())));
    }
    renamed.sort(BY_CLASS_THEN_NAME);
    return withFiles(renamed);
  }

  /**
   * Checks that there are enough images for a training.
   *
   * @throws RetrainException if there are fewer than two classes, or fewer than three files in one
   * @throws IOException if the directory can't be listed
   */
  public void checkEnough() throws IOException {
    if (labels.size() < 2 && !origin.path().equals(directory)) {
      throw new RetrainException(
          "%s has only one class, '%s'; a classifier needs at least two.",
          origin.path(), String.join("", labels));
    }
    if (labels.size() < 2) {
      String found =
          labels.isEmpty() ? "no class folder" : "only one class folder, '" + labels.get(0) + "'";
      throw new RetrainException(
          "%s contains %s; a classifier needs at least two.%s",
          directory,
          found,
          LayoutHint.forDirectory(directory).map(sentence -> " " + sentence).orElse(""));
    }
    checkCounts(
        files,
        "Class '%s' has %s; each class needs at least %d, for a training, a validation and a test"
            + " set. Add images or remove the class.",
        "image");
  }

  /** Whether a list assigns files to sets or groups, so that a class may be without some sets. */
  public boolean hasHints() {
    return files.stream()
        .anyMatch(file -> file.hints().group().isPresent() || file.hints().partition().isPresent());
  }

  /**
   * Checks that each class has enough readable images.
   *
   * @param readable the readable files
   * @throws RetrainException if a class has fewer than three of them
   */
  public void checkReadable(List<ImageFile> readable) {
    checkCounts(readable, "Class '%s' has %s; each class needs at least %d.", "readable image");
  }

  private void checkCounts(List<ImageFile> counted, String message, String noun) {
    int minimum = hasHints() ? 1 : MIN_PER_CLASS;
    int[] counts = new int[labels.size()];
    counted.forEach(file -> counts[file.label()]++);
    for (int label = 0; label < counts.length; label++) {
      if (counts[label] < minimum) {
        String images = Counted.of(counts[label], noun);
        throw new RetrainException(message, labels.get(label), images, minimum);
      }
    }
  }
}
