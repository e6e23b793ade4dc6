package dev.retrain.dataset.manifest;

import dev.retrain.dataset.FileHints;
import dev.retrain.dataset.ImageFile;
import dev.retrain.dataset.ImageFolder;
import dev.retrain.dataset.ListOrigin;
import dev.retrain.dataset.listing.ClassNames;
import dev.retrain.dataset.listing.FileListing;
import dev.retrain.dataset.listing.FileNames;
import dev.retrain.util.RetrainException;
import dev.retrain.util.io.NameEncoding;
import dev.retrain.util.table.TableReader;
import dev.retrain.util.text.Counted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the files and their classes from a manifest, a table with a row per image. */
public final class Manifest {
  private final Path file;
  private final ResolvedColumns columns;
  private final List<String> notices = new ArrayList<>();

  private Manifest(Path file, ResolvedColumns columns) {
    this.file = file;
    this.columns = columns;
  }

  /**
   * Reads a manifest.
   *
   * @param file the table: CSV, TSV or JSON Lines in UTF-8, or Parquet
   * @param names the names of its columns
   * @param checkFiles whether every file must exist
   * @return the files; of doubled rows, one
   * @throws RetrainException if the table or a row is invalid; names the line
   * @throws IOException if the table can't be read
   */
  public static ImageFolder read(Path file, ManifestColumns names, boolean checkFiles)
      throws IOException {
    try (TableReader table = Tables.open(file)) {
      ResolvedColumns columns = ResolvedColumns.find(file, table.columns(), names);
      List<ManifestRow> rows = new ArrayList<>();
      for (Optional<TableReader.Row> row = table.next(); row.isPresent(); row = table.next()) {
        rows.add(ManifestRow.read(file, row.get(), columns));
      }
      if (rows.isEmpty()) {
        throw new RetrainException("%s has no rows; add a row per image.", file);
      }
      return new Manifest(file, columns).folder(rows, checkFiles);
    }
  }

  private ImageFolder folder(List<ManifestRow> all, boolean checkFiles) {
    List<ManifestRow> labeled = all.stream().filter(row -> row.label().isPresent()).toList();
    if (labeled.size() < all.size()) {
      notices.add(
          "%s of %s without a label, but with an error, %s skipped."
              .formatted(
                  Counted.of(all.size() - labeled.size(), "row"),
                  file,
                  all.size() - labeled.size() == 1 ? "is" : "are"));
    }
    List<Path> paths = new ManifestFiles(file).find(labeled, checkFiles);
    Map<Path, ManifestRow> rows = distinct(labeled, paths);
    List<String> labels =
        rows.values().stream()
            .flatMap(row -> row.labels().stream())
            .distinct()
            .sorted(FileListing.CODE_POINTS)
            .toList();
    checkSimilar(labels, rows.values().stream().toList());
    List<ManifestRow> split = new GivenSets(file, columns).apply(List.copyOf(rows.values()));
    return new ImageFolder(
        CommonDirectory.of(file, rows.keySet()),
        labels,
        files(List.copyOf(rows.keySet()), split, labels),
        notices,
        new ListOrigin(file, false, facts(split, labels.size())));
  }

  /** The rows by file; doubled rows that say the same are one. */
  private Map<Path, ManifestRow> distinct(List<ManifestRow> rows, List<Path> paths) {
    Map<Path, Integer> seen = new HashMap<>();
    Map<Path, ManifestRow> distinct = new LinkedHashMap<>();
    int doubled = 0;
    for (int i = 0; i < rows.size(); i++) {
      Path path = paths.get(i);
      Integer before = seen.putIfAbsent(path.toAbsolutePath().normalize(), i);
      if (before == null) {
        distinct.put(path, rows.get(i));
      } else {
        checkEqual(rows.get(before), rows.get(i));
        doubled++;
      }
    }
    if (doubled > 0) {
      notices.add(
          "%s of %s %s a row before and %s ignored."
              .formatted(
                  Counted.of(doubled, "row"),
                  file,
                  doubled == 1 ? "repeats" : "repeat",
                  doubled == 1 ? "is" : "are"));
    }
    return distinct;
  }

  private void checkEqual(ManifestRow one, ManifestRow other) {
    FileHints first = one.hints();
    FileHints second = other.hints();
    checkEqual(one, other, "labels", one.label(), other.label());
    checkEqual(
        one,
        other,
        "sets",
        first.partition().map(set -> set.word()),
        second.partition().map(set -> set.word()));
    checkEqual(one, other, "groups", first.group(), second.group());
    checkEqual(
        one,
        other,
        "weights",
        Optional.of(Float.toString(first.weight())),
        Optional.of(Float.toString(second.weight())));
  }

  private void checkEqual(
      ManifestRow one,
      ManifestRow other,
      String what,
      Optional<String> first,
      Optional<String> second) {
    if (!first.equals(second)) {
      throw new RetrainException(
          "%s, %s and %s: '%s' has two %s, '%s' and '%s'; keep one of the rows.",
          file,
          one.place(),
          other.place(),
          other.path(),
          what,
          first.orElse(""),
          second.orElse(""));
    }
  }

  private void checkSimilar(List<String> labels, List<ManifestRow> rows) {
    for (ClassNames.Similar pair : ClassNames.similarPairs(labels)) {
      throw new RetrainException(
          "%s: the labels '%s' (%s) and '%s' (%s) differ only by %s; use one spelling.",
          file,
          pair.one(),
          place(pair.one(), rows),
          pair.other(),
          place(pair.other(), rows),
          pair.difference());
    }
  }

  private static String place(String label, List<ManifestRow> rows) {
    return rows.stream()
        .filter(row -> row.labels().contains(label))
        .map(ManifestRow::place)
        .findFirst()
        .orElseThrow();
  }

  /** The files; one with several labels occurs once with each of them. */
  private List<ImageFile> files(
      List<Path> distinctPaths, List<ManifestRow> distinctRows, List<String> labels) {
    List<Path> paths = new ArrayList<>();
    List<ManifestRow> rows = new ArrayList<>();
    for (int i = 0; i < distinctRows.size(); i++) {
      for (String label : distinctRows.get(i).labels()) {
        paths.add(distinctPaths.get(i));
        rows.add(distinctRows.get(i).withLabel(label));
      }
    }
    Path directory = file.toAbsolutePath().normalize().getParent();
    List<Path> relative =
        paths.stream().map(path -> relative(directory, path.toAbsolutePath().normalize())).toList();
    List<String> names =
        FileNames.of(relative, rows.stream().map(row -> row.label().orElseThrow()).toList());
    Map<String, Integer> indexes = new HashMap<>();
    labels.forEach(label -> indexes.put(label, indexes.size()));
    List<ImageFile> files = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      checkRepresentable(paths.get(i), rows.get(i));
      int label = indexes.get(rows.get(i).label().orElseThrow());
      files.add(new ImageFile(paths.get(i), names.get(i), label, rows.get(i).hints()));
    }
    files.sort(ImageFolder.BY_CLASS_THEN_NAME.thenComparing(Comparator.comparing(ImageFile::path)));
    return files;
  }

  private static Path relative(Path directory, Path path) {
    return path.getRoot().equals(directory.getRoot()) ? directory.relativize(path) : path;
  }

  private void checkRepresentable(Path path, ManifestRow row) {
    if (!NameEncoding.isUnicode() && NameEncoding.isLossy(path)) {
      throw new RetrainException(
          "%s, %s: the file name '%s' can't be represented: %s.",
          file, row.place(), row.path(), NameEncoding.remedy());
    }
  }

  private List<String> facts(List<ManifestRow> rows, int classes) {
    String uses =
        Stream.of(
                columns.split().map(name -> "the sets of column '" + name + "'"),
                columns.group().map(name -> "the groups of column '" + name + "'"),
                columns.weight().map(name -> "the weights of column '" + name + "'"))
            .flatMap(Optional::stream)
            .reduce((one, other) -> one + " and " + other)
            .map(text -> ", with " + text)
            .orElse("");
    return List.of(
        "%s: %s, %s (column '%s')%s."
            .formatted(
                file,
                Counted.of(rows.size(), "file"),
                Counted.of(classes, "class"),
                columns.label(),
                uses));
  }
}
