package dev.retrain.dataset.manifest;

import dev.retrain.util.RetrainException;
import dev.retrain.util.text.Counted;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Finds the files of a manifest's rows. */
final class ManifestFiles {
  private static final int EXAMPLES = 3;

  private final Path manifest;
  private final Path directory;

  /**
   * @param manifest the manifest; paths are relative to its directory
   */
  ManifestFiles(Path manifest) {
    this.manifest = manifest;
    Path parent = manifest.getParent();
    directory = parent == null ? Path.of("") : parent;
  }

  /**
   * The file of each row.
   *
   * @param check whether every file must exist
   * @throws RetrainException if a path is malformed, missing or not that of a file
   */
  List<Path> find(List<ManifestRow> rows, boolean check) {
    List<Path> files = rows.parallelStream().map(this::find).toList();
    if (check) {
      check(rows, files);
    }
    return files;
  }

  private Path find(ManifestRow row) {
    Path literal = resolve(row, row.path());
    // A path from another system, from a spreadsheet, or with spaces after the comma.
    return Stream.of(row.path(), row.path().strip(), row.path().replace('\\', '/'), unquoted(row))
        .distinct()
        .map(path -> resolve(row, path))
        .filter(Files::exists)
        .findFirst()
        .orElse(literal);
  }

  private static String unquoted(ManifestRow row) {
    return row.path().startsWith("'") ? row.path().substring(1) : row.path();
  }

  private Path resolve(ManifestRow row, String path) {
    try {
      return directory.resolve(path);
    } catch (InvalidPathException e) {
      throw new RetrainException(
          e, "%s, %s: '%s' is not a valid path (%s).", manifest, row.place(), path, e.getReason());
    }
  }

  private enum Kind {
    FILE,
    MISSING,
    DIRECTORY,
    SPECIAL
  }

  private static Kind kind(Path file) {
    if (Files.isRegularFile(file)) {
      return Kind.FILE;
    }
    if (Files.isDirectory(file)) {
      return Kind.DIRECTORY;
    }
    return Files.exists(file) ? Kind.SPECIAL : Kind.MISSING;
  }

  private void check(List<ManifestRow> rows, List<Path> files) {
    List<Kind> kinds = files.parallelStream().map(ManifestFiles::kind).toList();
    List<ManifestRow> missing =
        IntStream.range(0, rows.size())
            .filter(i -> kinds.get(i) == Kind.MISSING)
            .mapToObj(rows::get)
            .toList();
    if (!missing.isEmpty()) {
      throw missing(rows, missing);
    }
    for (int i = 0; i < rows.size(); i++) {
      if (kinds.get(i) != Kind.FILE) {
        throw new RetrainException(
            "%s, %s: %s is %s; give the path of an image file.",
            manifest,
            rows.get(i).place(),
            files.get(i),
            kinds.get(i) == Kind.DIRECTORY ? "a directory" : "a pipe, a socket or a device");
      }
    }
  }

  private RetrainException missing(List<ManifestRow> rows, List<ManifestRow> missing) {
    boolean elsewhere = missing.stream().allMatch(row -> Files.isRegularFile(Path.of(row.path())));
    String hint =
        elsewhere
            ? " They exist relative to the working directory; move the manifest there."
            : " Paths are relative to the directory of the manifest.";
    ManifestRow first = missing.get(0);
    if (missing.size() == 1) {
      return new RetrainException(
          "%s, %s: the file '%s' doesn't exist.%s", manifest, first.place(), first.path(), hint);
    }
    String examples =
        missing.stream()
            .limit(EXAMPLES)
            .map(row -> "'%s' (%s)".formatted(row.path(), row.place()))
            .collect(Collectors.joining(", "));
    return new RetrainException(
        "%s: %,d of %s don't exist, among them %s.%s",
        manifest, missing.size(), Counted.of(rows.size(), "file"), examples, hint);
  }
}
