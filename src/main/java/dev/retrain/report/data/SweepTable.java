package dev.retrain.report.data;

import java.util.List;
import java.util.Optional;

/**
 * The settings of a hyperparameter sweep.
 *
 * @param summary the number of settings and the best one, in a sentence or two
 * @param columns the column headings
 * @param rows a row of values for each setting, the best setting first
 * @param heatMap accuracy by two of the settings; absent if fewer than two of them vary
 */
public record SweepTable(
    String summary, List<String> columns, List<List<String>> rows, Optional<HeatMap> heatMap) {
  public SweepTable {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
  }
}
