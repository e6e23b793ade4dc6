package dev.retrain.dataset.listing;

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
   * The files at any depth below a directory, in no particular order; links are followed.
   *
   * @throws RetrainException if a link leads to a directory that contains it
   */
  public static List<Path> filesBelow(Path directory) throws IOException {
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
              throw new RetrainException(
                  e, "The link %s leads to a directory that contains it; remove the link.", file);
            }
            throw e;
          }
        });
    return files;
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
