package dev.retrain.report.view;

import dev.retrain.report.data.EvaluationSection;
import dev.retrain.report.data.Overview;
import dev.retrain.report.data.Provenance;
import dev.retrain.report.data.ReportData;
import dev.retrain.report.data.TrainingSection;
import java.util.List;

/**
 * The page, a component for each section in their order.
 *
 * @param overview the texts at the top
 * @param tiles the most important metrics
 * @param curves the training curves, or null
 * @param confusion the confusion matrix
 * @param classes the metrics of each class
 * @param mistakes the most confident mistakes
 * @param calibration the reliability diagram
 * @param balance the number of images of each class; empty if unknown
 * @param sweep the settings of the hyperparameter sweep, or null
 * @param provenance files, versions, options and commands
 */
public record ReportView(
    Overview overview,
    List<Tile> tiles,
    CurvesView curves,
    ConfusionView confusion,
    ClassesView classes,
    MistakesView mistakes,
    CalibrationView calibration,
    List<BalanceRow> balance,
    SweepView sweep,
    Provenance provenance) {
  /** Formats the content of a report. */
  public static ReportView from(ReportData data) {
    EvaluationSection evaluation = data.evaluation();
    TrainingSection training = data.training();
    return new ReportView(
        data.overview(),
        Tile.tiles(evaluation.metrics()),
        training.curves().map(CurvesView::from).orElse(null),
        ConfusionView.from(evaluation.metrics().confusion()),
        ClassesView.from(evaluation.metrics()),
        MistakesView.from(evaluation),
        CalibrationView.from(evaluation.metrics().calibration()),
        BalanceRow.rows(training.balance()),
        training.sweep().map(SweepView::from).orElse(null),
        data.provenance());
  }
}
