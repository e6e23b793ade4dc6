package dev.retrain.dataset.list;

import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.manifest.PathList;
import dev.retrain.dataset.split.NohashCopies;
import dev.retrain.util.io.NameEncoding;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Files that are not used. */
final class Exclusion {
  private static final int EXAMPLES = 3;

  private Exclusion() {}

  /**
   * The files of a folder that a list doesn't contain. A path is relative to the list, to the image
   * directory or the manifest, or to the working directory, or it is a name, {@code class/file}.
   *
   * @param list the list
   * @param facts receives how many files are excluded
   * @param notices receives how many paths are unknown
   * @throws IOException if the list can't be read
   */
  static List<ImageFile> apply(
      ImageFolder folder, Path list, List<String> facts, List<String> notices) throws IOException {
    Path origin = folder.origin().path().toAbsolutePath();
    List<Path> bases =
        List.of(
            list.toAbsolutePath().getParent(),
            folder.origin().path().equals(folder.directory()) ? origin : origin.getParent(),
            Path.of("").toAbsolutePath());
    Set<String> known = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (ImageFile file : folder.files()) {
      known.add(key(file.path()));
      names.add(file.name());
    }
    Set<String> excludedPaths = new HashSet<>();
    Set<String> excludedNames = new HashSet<>();
    List<String> unknown = new ArrayList<>();
    for (String path : PathList.read(list)) {
      List<String> candidates =
          candidates(path).flatMap(text -> resolve(bases, text)).filter(known::contains).toList();
      excludedPaths.addAll(candidates);
      if (candidates.isEmpty() && names.contains(path)) {
        excludedNames.add(path);
      } else if (candidates.isEmpty()) {
        unknown.add(path);
      }
    }
    if (!unknown.isEmpty()) {
      notices.add(
          "%s of %s %s not among the images: %s%s."
              .formatted(
                  Counted.of(unknown.size(), "path"),
                  list,
                  unknown.size() == 1 ? "is" : "are",
                  unknown.stream().limit(EXAMPLES).collect(Collectors.joining(", ")),
                  unknown.size() > EXAMPLES ? ", ..." : ""));
    }
    List<ImageFile> kept =
        keep(
            folder.files(),
            file ->
                !excludedPaths.contains(key(file.path())) && !excludedNames.contains(file.name()));
    facts.add(
        "Excluded %s listed in %s."
            .formatted(Counted.of(folder.files().size() - kept.size(), "file"), list));
    return kept;
  }

  /**
   * The files that meet a condition, without the copies (_nohash_) of images that don't: without
   * its source, a copy would count as an image.
   */
  static List<ImageFile> keep(List<ImageFile> files, Predicate<ImageFile> condition) {
    Set<String> dropped =
        files.stream().filter(condition.negate()).map(ImageFile::name).collect(Collectors.toSet());
    NohashCopies copies = new NohashCopies(files);
    return files.stream()
        .filter(condition)
        .filter(file -> copies.source(file.name()).filter(dropped::contains).isEmpty())
        .toList();
  }

  /** A path in an archive equals the text with which it is printed. */
  private static String key(Path path) {
    return NameEncoding.key(path.toAbsolutePath().normalize());
  }

  /** In a table for spreadsheets, a text that could be a formula starts with a quote. */
  private static Stream<String> candidates(String path) {
    return path.startsWith("'") ? Stream.of(path, path.substring(1)) : Stream.of(path);
  }

  private static Stream<String> resolve(List<Path> bases, String path) {
    try {
      return bases.stream().map(base -> key(base.resolve(path)));
    } catch (InvalidPathException e) {
      return Stream.empty();
    }
  }
}
