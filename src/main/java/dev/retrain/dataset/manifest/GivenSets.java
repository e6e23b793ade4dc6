package dev.retrain.dataset.manifest;

import dev.retrain.dataset.FileHints;
import dev.retrain.dataset.Partition;
import dev.retrain.util.RetrainException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The sets that a manifest assigns its rows to. If it has no validation or test set, the training
 * rows are open: that set is taken from them.
 *
 * @param file the manifest
 * @param columns its columns
 */
record GivenSets(Path file, ResolvedColumns columns) {
  /**
   * The rows, without a set where the split determines it.
   *
   * @throws RetrainException if some rows have a set, among them training rows, and others don't
   */
  List<ManifestRow> apply(List<ManifestRow> rows) {
    Set<Partition> given = EnumSet.noneOf(Partition.class);
    rows.forEach(row -> row.hints().partition().ifPresent(given::add));
    if (given.contains(Partition.TRAINING)) {
      rows.stream()
          .filter(row -> row.hints().partition().isEmpty())
          .findFirst()
          .ifPresent(
              row -> {
                throw new RetrainException(
                    "%s, %s: the set (column '%s') is empty, but other rows name the training"
                        + " set; name a set in all rows.",
                    file, row.place(), columns.split().orElseThrow());
              });
    }
    return given.size() == Partition.values().length
        ? rows
        : rows.stream().map(this::open).toList();
  }

  private ManifestRow open(ManifestRow row) {
    FileHints hints = row.hints();
    return hints.partition().filter(set -> set == Partition.TRAINING).isEmpty()
        ? row
        : new ManifestRow(
            row.place(),
            row.path(),
            row.label(),
            new FileHints(hints.group(), Optional.empty(), hints.weight()));
  }
}
