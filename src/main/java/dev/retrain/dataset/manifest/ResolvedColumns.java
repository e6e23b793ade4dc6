package dev.retrain.dataset.manifest;

import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The columns of a table that are used.
 *
 * @param path the paths
 * @param label the classes
 * @param split the sets
 * @param group the groups
 * @param weight the weights
 * @param predicted whether the labels are those of a file of predictions
 */
record ResolvedColumns(
    String path,
    String label,
    Optional<String> split,
    Optional<String> group,
    Optional<String> weight,
    boolean predicted) {
  private static final int MAX_NAMED = 20;

  /**
   * Finds the columns.
   *
   * @param names the names that the user has chosen
   * @throws RetrainException if a column is missing; lists those of the table
   */
  static ResolvedColumns find(Path file, List<String> columns, ManifestColumns names) {
    String path = required(file, columns, names.path(), List.of("path"), Setting.PATH_COLUMN);
    String label =
        required(
            file,
            columns,
            names.label(),
            List.of("label", JsonLinesTable.LABELS, JsonLinesTable.BEST),
            Setting.LABEL_COLUMN);
    ResolvedColumns found =
        new ResolvedColumns(
            path,
            label,
            optional(file, columns, names.split(), "split", Setting.SPLIT_COLUMN),
            optional(file, columns, names.group(), "group", Setting.GROUP_COLUMN),
            optional(file, columns, names.weight(), "weight", Setting.WEIGHT_COLUMN),
            label.equals(JsonLinesTable.LABELS) || label.equals(JsonLinesTable.BEST));
    found.checkDistinct(file);
    return found;
  }

  private void checkDistinct(Path file) {
    List<String> used =
        Stream.of(Optional.of(path), Optional.of(label), split, group, weight)
            .flatMap(Optional::stream)
            .toList();
    for (String column : used) {
      if (used.indexOf(column) != used.lastIndexOf(column)) {
        throw new RetrainException(
            "The column '%s' of %s is used for two things; choose different columns.",
            column, file);
      }
    }
  }

  /** The column of paths of a list of files, if the table has one. */
  static Optional<String> path(List<String> columns) {
    return find(columns, "path");
  }

  private static String required(
      Path file,
      List<String> columns,
      Optional<String> chosen,
      List<String> defaults,
      Setting setting) {
    List<String> wanted = chosen.map(List::of).orElse(defaults);
    return wanted.stream()
        .flatMap(name -> find(columns, name).stream())
        .findFirst()
        .orElseThrow(() -> missing(file, columns, wanted.get(0), setting));
  }

  private static Optional<String> optional(
      Path file,
      List<String> columns,
      Optional<String> chosen,
      String defaultName,
      Setting setting) {
    if (chosen.isEmpty()) {
      return find(columns, defaultName);
    }
    if (chosen.get().isEmpty()) {
      return Optional.empty();
    }
    Optional<String> found = find(columns, chosen.get());
    if (found.isEmpty()) {
      throw missing(file, columns, chosen.get(), setting);
    }
    return found;
  }

  private static Optional<String> find(List<String> columns, String name) {
    return columns.contains(name)
        ? Optional.of(name)
        : columns.stream().filter(name::equalsIgnoreCase).findFirst();
  }

  private static RetrainException missing(
      Path file, List<String> columns, String name, Setting setting) {
    String found = columns.stream().limit(MAX_NAMED).collect(Collectors.joining(", "));
    boolean semicolons = columns.size() == 1 && columns.get(0).contains(";");
    boolean tabs = columns.size() == 1 && columns.get(0).contains("\t");
    String format = "%s has no column '%s'; its columns are: %s%s. ";
    String more = columns.size() > MAX_NAMED ? ", ..." : "";
    if (tabs) {
      return new RetrainException(
          format + "If tabs separate the columns, give the file the ending .tsv.",
          file,
          name,
          found,
          more);
    }
    return semicolons
        ? new RetrainException(
            format + "Separate the columns by commas, not by semicolons.", file, name, found, more)
        : new RetrainException(format + "Choose one with %s.", file, name, found, more, setting);
  }
}
