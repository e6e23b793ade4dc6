package dev.retrain.dataset.listing;

import dev.retrain.util.RetrainException;
import dev.retrain.util.io.SymbolicLink;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Lists directories, without hidden files and those that are no data ({@link IgnoredNames}). */
public final class FileListing {
  /** Orders as Python does; Java's own order puts characters beyond U+FFFF before some below. */
  public static final Comparator<String> CODE_POINTS = FileListing::compareCodePoints;

  private FileListing() {}

  /** The entries of a directory that are not ignored, sorted by name. */
  public static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> list = Files.list(directory)) {
      return list.filter(path -> !IgnoredNames.isIgnored(path))
          .sorted(Comparator.comparing(path -> path.getFileName().toString(), CODE_POINTS))
          .toList();
    }
  }

  /**
   * The names of hidden directories that start with two dots, such as {@code ..cat}: unlike {@code
   * .git}, hardly any of them is hidden on purpose.
   */
  public static List<String> dottedFolders(Path directory) throws IOException {
    try (Stream<Path> list = Files.list(directory)) {
      return list.filter(path -> path.getFileName().toString().startsWith(".."))
          .filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .sorted(CODE_POINTS)
          .toList();
    }
  }

  /**
   * The files at any depth below a directory, in no particular order; links are followed. A link to
   * a missing file is a file that can't be read.
   *
   * @throws RetrainException if a link leads to itself or to a directory that contains it
   */
  public static List<Path> filesBelow(Path directory) throws IOException {
    checkCycle(directory);
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        directory,
        Set.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
            return IgnoredNames.isIgnored(inner) && !inner.equals(directory)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!IgnoredNames.isIgnored(file)) {
              if (attributes.isSymbolicLink()) {
                checkCycle(file);
              }
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (IgnoredNames.isIgnored(file)) {
              return FileVisitResult.CONTINUE;
            }
            if (e instanceof FileSystemLoopException) {
              throw cycle(file);
            }
            throw e;
          }
        });
    return files;
  }

  private static void checkCycle(Path path) {
    if (SymbolicLink.isCycle(path)) {
      throw cycle(path);
    }
    SymbolicLink.problem(path)
        .filter(problem -> problem.equals(SymbolicLink.TO_ITSELF))
        .ifPresent(
            problem -> {
              throw new RetrainException("The link %s %s; remove the link.", path, problem);
            });
  }

  private static RetrainException cycle(Path link) {
    return new RetrainException(
        "The link %s leads to a directory that contains it; remove the link.", link);
  }

  /**
   * Checks a link that is neither a file nor a directory: it may have been a folder of images.
   *
   * @throws RetrainException if it is one
   */
  public static void checkTarget(Path path) {
    SymbolicLink.problem(path)
        .ifPresent(
            problem -> {
              throw new RetrainException(
                  "The link %s %s. Mount the disk it leads to, or remove the link.", path, problem);
            });
  }

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
}
