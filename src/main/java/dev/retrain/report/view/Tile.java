package dev.retrain.report.view;

import static dev.retrain.report.view.NumberText.format;
import static dev.retrain.report.view.NumberText.percent;

import dev.retrain.evaluation.Metrics;
import dev.retrain.util.text.Counted;
import java.util.List;

/**
 * One of the most important metrics.
 *
 * @param name the metric
 * @param value its value
 * @param note its unit or definition
 */
record Tile(String name, String value, String note) {
  static List<Tile> tiles(Metrics metrics) {
    return List.of(
        new Tile(
            "Accuracy",
            percent(metrics.accuracy()),
            format(
                "95%% CI: %s to %s",
                percent(metrics.accuracyInterval().low()),
                percent(metrics.accuracyInterval().high()))),
        new Tile("Top-5 accuracy", percent(metrics.top5Accuracy()), "actual class in the top 5"),
        new Tile("Loss", format("%.3f", metrics.loss()), "cross-entropy, nats"),
        new Tile("F1", percent(metrics.macro().f1()), "macro average"),
        new Tile(
            "Expected calibration error",
            percent(metrics.calibration().expectedError()),
            Counted.of(metrics.calibration().bins().size(), "bin")));
  }
}
