package dev.retrain.report.view;

import static dev.retrain.report.view.NumberText.format;
import static dev.retrain.report.view.NumberText.percent;

import dev.retrain.report.data.HeatMap;
import dev.retrain.report.data.SweepTable;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The settings of the hyperparameter sweep.
 *
 * @param table the settings
 * @param heatMap accuracy by two settings, or null
 */
record SweepView(SweepTable table, Grid heatMap) {
  /**
   * @param caption what the table shows
   * @param corner the names of the two settings
   * @param columns the values of the column setting
   * @param rows a row for each value of the row setting
   */
  record Grid(String caption, String corner, List<String> columns, List<Row> rows) {}

  record Row(String label, List<Cell> cells) {}

  /**
   * @param shade a CSS class
   * @param text the accuracy; empty if unknown
   */
  record Cell(String shade, String text) {}

  static SweepView from(SweepTable table) {
    return new SweepView(table, table.heatMap().map(SweepView::grid).orElse(null));
  }

  private static Grid grid(HeatMap heatMap) {
    DoubleSummaryStatistics known =
        heatMap.accuracies().stream()
            .flatMap(List::stream)
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .summaryStatistics();
    String row = heatMap.rows().name();
    String column = heatMap.columns().name();
    return new Grid(
        format("Mean validation accuracy by %s (rows) and %s (columns)", row, column),
        row + " \\ " + column,
        heatMap.columns().values(),
        IntStream.range(0, heatMap.rows().values().size())
            .mapToObj(
                i ->
                    new Row(
                        heatMap.rows().values().get(i),
                        heatMap.accuracies().get(i).stream()
                            .map(accuracy -> cell(accuracy, known))
                            .toList()))
            .toList());
  }

  /** The lowest accuracy has the lightest shade, the highest the darkest. */
  private static Cell cell(double accuracy, DoubleSummaryStatistics known) {
    if (!Double.isFinite(accuracy)) {
      return new Cell("none", "");
    }
    double range = known.getMax() - known.getMin();
    return new Cell(
        Shade.correct(range == 0 ? 1 : (accuracy - known.getMin()) / range), percent(accuracy));
  }
}
