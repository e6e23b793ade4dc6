package dev.retrain.dataset;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A directory with one folder a class.
 *
 * <p>A class is a folder directly in the directory, labelled with the folder's name as it is
 * spelled; classes are in the order of their names' code points. Every file at any depth below it
 * belongs to the class, whatever its extension: what is an image is told later, from its content.
 * Hidden files and the litter of file managers ({@code Thumbs.db}, {@code desktop.ini}) are passed
 * over.
 *
 * @param directory the directory
 * @param labels the classes' names
 * @param files the files, by class, then by name
 * @param notices sentences for the user about what was left out
 */
public record ImageFolder(
    Path directory, List<String> labels, List<ImageFile> files, List<String> notices) {
  /** Fewest images a class can have: one for each partition. */
  static final int MIN_PER_CLASS = 3;

  private static final Comparator<ImageFile> BY_CLASS_THEN_NAME =
      Comparator.comparingInt(ImageFile::label)
          .thenComparing(ImageFile::name, ImageFolder::compareCodePoints);

  private static final Set<String> LITTER = Set.of("thumbs.db", "desktop.ini", "icon\r");

  /** Copies the lists. */
  public ImageFolder {
    labels = List.copyOf(labels);
    files = List.copyOf(files);
    notices = List.copyOf(notices);
  }

  /**
   * Lists a directory to train on.
   *
   * @param directory the directory with the class folders
   * @return its classes and files
   * @throws RetrainException where there are fewer than two classes, or fewer than three files in
   *     one
   * @throws IOException where the directory can't be read
   */
  public static ImageFolder scan(Path directory) throws IOException {
    ImageFolder folder = list(directory);
    folder.checkEnough();
    return folder;
  }

  /**
   * Lists a directory, however much or little there is.
   *
   * @param directory the directory with the class folders
   * @return its classes and files
   * @throws RetrainException where it is no directory, or a class can't be a label
   * @throws IOException where the directory can't be read
   */
  public static ImageFolder list(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new RetrainException(
          "%s is not a directory; give one that holds a folder of images for each class."
              .formatted(directory));
    }
    List<Path> classes = new ArrayList<>();
    int loose = 0;
    for (Path entry : children(directory)) {
      if (isHidden(entry)) {
        continue;
      }
      if (Files.isDirectory(entry)) {
        checkLabel(entry);
        classes.add(entry);
      } else if (!isLitter(entry)) {
        loose++;
      }
    }
    List<String> labels = new ArrayList<>();
    List<ImageFile> files = new ArrayList<>();
    for (Path folder : classes) {
      List<ImageFile> inClass = filesOf(folder, labels.size());
      labels.add(folder.getFileName().toString());
      files.addAll(inClass);
    }
    List<String> notices = new ArrayList<>();
    if (loose > 0) {
      notices.add(
          "%d file%s directly in %s belong%s to no class and %s left out."
              .formatted(
                  loose,
                  loose == 1 ? "" : "s",
                  directory,
                  loose == 1 ? "s" : "",
                  loose == 1 ? "is" : "are"));
    }
    return new ImageFolder(directory, labels, files, notices);
  }

  /**
   * @param leftOut some of its files
   * @return the folder without them
   */
  public ImageFolder without(Collection<ImageFile> leftOut) {
    Set<ImageFile> out = Set.copyOf(leftOut);
    return new ImageFolder(
        directory, labels, files.stream().filter(file -> !out.contains(file)).toList(), notices);
  }

  /**
   * Those of its files that are copies ({@code X_nohash_Y} beside an image named {@code X}): no
   * images in their own right.
   */
  public List<ImageFile> copies() {
    NohashCopies copies = new NohashCopies(files);
    return files.stream().filter(file -> copies.isCopy(file.name())).toList();
  }

  /**
   * The same files under other labels.
   *
   * @param other the labels; files of a class that is not among them are left out
   */
  public ImageFolder labelled(List<String> other) {
    List<ImageFile> relabelled = new ArrayList<>();
    for (ImageFile file : files) {
      int label = other.indexOf(labels.get(file.label()));
      if (label >= 0) {
        relabelled.add(new ImageFile(file.path(), file.name(), label));
      }
    }
    relabelled.sort(BY_CLASS_THEN_NAME);
    return new ImageFolder(directory, other, relabelled, notices);
  }

  /**
   * The same folder with more files.
   *
   * @param root a directory that the files lie or lay in, in folders of the classes
   * @param more the files; those that are in no class of this folder are passed over
   */
  public ImageFolder withFilesOf(Path root, Collection<Path> more) {
    List<ImageFile> all = new ArrayList<>(files);
    for (Path file : more) {
      Path below = root.toAbsolutePath().normalize().relativize(file);
      int label = labels.indexOf(below.getName(0).toString());
      if (label >= 0 && below.getNameCount() > 1) {
        all.add(new ImageFile(file, below.toString().replace('\\', '/'), label));
      }
    }
    all.sort(BY_CLASS_THEN_NAME);
    return new ImageFolder(directory, labels, all, notices);
  }

  /**
   * Checks that there is enough to train on.
   *
   * @throws RetrainException where there are fewer than two classes, or fewer than three files in
   *     one
   */
  public void checkEnough() {
    if (labels.size() < 2) {
      throw new RetrainException(
          "%s holds %s; a classifier needs a folder of images for each of two classes or more."
              .formatted(
                  directory,
                  labels.isEmpty()
                      ? "no class folder"
                      : "one class folder only, '%s'".formatted(labels.get(0))));
    }
    int[] counts = counts(files);
    for (int label = 0; label < counts.length; label++) {
      if (counts[label] < MIN_PER_CLASS) {
        throw new RetrainException(
            ("Class '%s' has %d image%s; each class needs at least %d, one each to train,"
                    + " validate and test. Add images or remove the folder.")
                .formatted(
                    labels.get(label),
                    counts[label],
                    counts[label] == 1 ? "" : "s",
                    MIN_PER_CLASS));
      }
    }
  }

  private int[] counts(List<ImageFile> some) {
    int[] counts = new int[labels.size()];
    some.forEach(file -> counts[file.label()]++);
    return counts;
  }

  /**
   * The same folder with other names for its files, in the order of these.
   *
   * @param naming gives a file's {@code class/file}; empty leaves it out
   */
  public ImageFolder named(Function<ImageFile, Optional<String>> naming) {
    List<ImageFile> renamed = new ArrayList<>();
    for (ImageFile file : files) {
      naming
          .apply(file)
          .ifPresent(name -> renamed.add(new ImageFile(file.path(), name, file.label())));
    }
    renamed.sort(BY_CLASS_THEN_NAME);
    return new ImageFolder(directory, labels, renamed, notices);
  }

  /**
   * Checks that enough images of each class can be read.
   *
   * @param readable those that can
   * @throws RetrainException where a class is left with fewer than three
   */
  public void checkReadable(List<ImageFile> readable) {
    int[] counts = counts(readable);
    for (int label = 0; label < counts.length; label++) {
      if (counts[label] < MIN_PER_CLASS) {
        throw new RetrainException(
            "Class '%s' has %d readable image%s; each class needs at least %d."
                .formatted(
                    labels.get(label),
                    counts[label],
                    counts[label] == 1 ? "" : "s",
                    MIN_PER_CLASS));
      }
    }
  }

  // The labels file has a line a class, so a label must be a line.
  private static void checkLabel(Path folder) {
    String label = folder.getFileName().toString();
    if (label.codePoints().anyMatch(Character::isISOControl)) {
      throw new RetrainException(
          "The class folder '%s' has a control character in its name; rename it."
              .formatted(label.replaceAll("\\p{Cntrl}", "?")));
    }
  }

  private static List<ImageFile> filesOf(Path folder, int label) throws IOException {
    String className = folder.getFileName().toString();
    List<ImageFile> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        Set.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
            return isHidden(inner) && !inner.equals(folder)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!isHidden(file) && !isLitter(file)) {
              String below = folder.relativize(file).toString().replace('\\', '/');
              files.add(new ImageFile(file, className + "/" + below, label));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (isHidden(file)) {
              return FileVisitResult.CONTINUE;
            }
            if (e instanceof FileSystemLoopException) {
              throw new RetrainException(
                  "%s leads back to a folder that holds it; remove the link.".formatted(file), e);
            }
            throw e;
          }
        });
    files.sort(BY_CLASS_THEN_NAME);
    return files;
  }

  /** What is in a directory, by name. */
  static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> list = Files.list(directory)) {
      return list.sorted(
              Comparator.comparing(
                  path -> path.getFileName().toString(), ImageFolder::compareCodePoints))
          .toList();
    }
  }

  /** Orders as Python does; Java's own order puts characters beyond U+FFFF before some below. */
  private static int compareCodePoints(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean beyond = Character.isSurrogate(x);
        return beyond == Character.isSurrogate(y) ? x - y : beyond ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }

  static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  /** Whether a file manager has left it. */
  static boolean isLitter(Path path) {
    return LITTER.contains(path.getFileName().toString().toLowerCase(Locale.ROOT));
  }
}
