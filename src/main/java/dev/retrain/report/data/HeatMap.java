package dev.retrain.report.data;

import java.util.List;

/**
 * Accuracy by the values of two settings.
 *
 * @param rows the setting of the rows
 * @param columns the setting of the columns
 * @param accuracies [rows][columns], 0 to 1; NaN where no run has the two values
 */
public record HeatMap(Axis rows, Axis columns, List<List<Double>> accuracies) {
  public HeatMap {
    accuracies = accuracies.stream().map(List::copyOf).toList();
  }

  /**
   * @param name the setting
   * @param values its values in order
   */
  public record Axis(String name, List<String> values) {
    public Axis {
      values = List.copyOf(values);
    }
  }
}
