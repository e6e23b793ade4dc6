package dev.retrain.dataset.manifest;

import dev.retrain.dataset.FileHints;
import dev.retrain.dataset.Partition;
import dev.retrain.dataset.labels.LabelSet;
import dev.retrain.dataset.listing.ClassNames;
import dev.retrain.util.RetrainException;
import dev.retrain.util.Setting;
import dev.retrain.util.table.TableReader;
import dev.retrain.util.text.TerminalText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A row of a manifest.
 *
 * @param place where it is in the file: {@code line 1,200}
 * @param path the path as it is written
 * @param label the class, or several ({@link LabelSet#split}); absent for a file of which a file of
 *     predictions has only an error
 * @param hints what else the row says
 */
record ManifestRow(String place, String path, Optional<String> label, FileHints hints) {
  private static final String ERROR = "error";

  /**
   * Reads a row.
   *
   * @throws RetrainException if a value is missing or invalid; names the line
   */
  static ManifestRow read(Path file, TableReader.Row row, ResolvedColumns columns) {
    String path = row.cell(columns.path()).orElse("");
    if (path.isBlank()) {
      throw new RetrainException(
          "%s, %s: the path (column '%s') is empty.", file, row.place(), columns.path());
    }
    return new ManifestRow(
        row.place(),
        path,
        label(file, row, columns),
        new FileHints(
            value(row, columns.group()), split(file, row, columns), weight(file, row, columns)));
  }

  /** The names of the classes; none where the label is absent. */
  List<String> labels() {
    return label.map(LabelSet::split).orElse(List.of());
  }

  /** The same row with one class. */
  ManifestRow withLabel(String other) {
    return new ManifestRow(place, path, Optional.of(other), hints);
  }

  private static Optional<String> value(TableReader.Row row, Optional<String> column) {
    return column.flatMap(row::cell).map(String::strip).filter(text -> !text.isEmpty());
  }

  private static Optional<String> label(Path file, TableReader.Row row, ResolvedColumns columns) {
    Optional<List<String>> cells = row.cells(columns.label());
    if (cells.isPresent() && cells.get().size() > 1) {
      checkList(file, row, cells.get());
    }
    Optional<String> label =
        cells.map(LabelSet::join).map(String::strip).filter(text -> !text.isEmpty());
    if (label.isEmpty()) {
      if (columns.predicted() && value(row, Optional.of(ERROR)).isPresent()) {
        return Optional.empty();
      }
      throw new RetrainException(
          "%s, %s: the label (column '%s') is empty; add it or remove the row.",
          file, row.place(), columns.label());
    }
    if (!ClassNames.isRepresentable(label.get())) {
      throw new RetrainException(
          "%s, %s: the label '%s' contains a control character or a line break, which a labels"
              + " file can't represent; change the label.",
          file, row.place(), TerminalText.escape(label.get()));
    }
    try {
      LabelSet.split(label.get());
    } catch (IllegalArgumentException e) {
      throw new RetrainException(e, "%s, %s: %s.", file, row.place(), e.getMessage());
    }
    // In files of predictions, a text that a spreadsheet could evaluate starts with a quote.
    return label.map(
        text -> columns.predicted() && text.startsWith("'") ? text.substring(1) : text);
  }

  private static void checkList(Path file, TableReader.Row row, List<String> labels) {
    for (String label : labels) {
      if (label.isBlank() || label.contains(LabelSet.SEPARATOR)) {
        throw new RetrainException(
            "%s, %s: the list of labels contains '%s'; in a list, a label is not empty and has no"
                + " '%s'.",
            file, row.place(), TerminalText.escape(label), LabelSet.SEPARATOR);
      }
    }
  }

  private static Optional<Partition> split(
      Path file, TableReader.Row row, ResolvedColumns columns) {
    Optional<String> split = value(row, columns.split());
    if (split.isEmpty()) {
      return Optional.empty();
    }
    Optional<Partition> partition = Partition.parse(split.get());
    if (partition.isEmpty()) {
      throw new RetrainException(
          "%s, %s: the set '%s' (column '%s') is unknown; the sets are %s. If the column means"
              + " something else, choose another one with %s.",
          file,
          row.place(),
          split.get(),
          columns.split().orElseThrow(),
          Partition.NAMES,
          Setting.SPLIT_COLUMN);
    }
    return partition;
  }

  private static float weight(Path file, TableReader.Row row, ResolvedColumns columns) {
    Optional<String> text = value(row, columns.weight());
    if (columns.weight().isEmpty()) {
      return 1;
    }
    float weight;
    try {
      weight = text.map(Float::parseFloat).orElse(Float.NaN);
    } catch (NumberFormatException e) {
      weight = Float.NaN;
    }
    if (!(weight > 0 && weight <= Float.MAX_VALUE)) {
      throw new RetrainException(
          "%s, %s: the weight '%s' (column '%s') must be a number above 0. If the column means"
              + " something else, choose another one with %s.",
          file,
          row.place(),
          text.orElse(""),
          columns.weight().orElseThrow(),
          Setting.WEIGHT_COLUMN);
    }
    return weight;
  }
}
