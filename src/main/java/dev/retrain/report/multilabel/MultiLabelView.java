package dev.retrain.report.multilabel;

import static dev.retrain.report.view.NumberText.count;
import static dev.retrain.report.view.NumberText.format;
import static dev.retrain.report.view.NumberText.percent;

import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.evaluation.multilabel.MultiLabelMetrics;
import dev.retrain.evaluation.multilabel.MultiLabelMetrics.ClassMetrics;
import dev.retrain.evaluation.multilabel.MultiLabelMetrics.Scores;
import dev.retrain.evaluation.multilabel.MultiLabelPredictions;
import dev.retrain.evaluation.multilabel.MultiLabelPredictions.Misclassification;
import dev.retrain.report.data.ClassBalance;
import dev.retrain.report.data.Overview;
import dev.retrain.report.data.Provenance;
import dev.retrain.report.data.SweepTable;
import dev.retrain.report.data.TrainingCurves;
import dev.retrain.report.data.TrainingSection;
import dev.retrain.training.Evaluation;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The page, a component for each section in their order. Tables are lists of rows of text.
 *
 * @param overview the texts at the top
 * @param tiles the most important metrics: name, value, definition
 * @param curves the evaluations during the training; empty if unknown
 * @param classes the metrics of each class
 * @param averages the macro and micro averages
 * @param galleries false positives and false negatives
 * @param balance the number of images of each class; empty if unknown
 * @param sweep the settings of the hyperparameter sweep, or null
 * @param provenance files, versions, options and commands
 */
public record MultiLabelView(
    Overview overview,
    List<List<String>> tiles,
    List<List<String>> curves,
    List<List<String>> classes,
    List<List<String>> averages,
    List<Gallery> galleries,
    List<List<String>> balance,
    SweepTable sweep,
    Provenance provenance) {
  /**
   * Mistakes of one kind.
   *
   * @param id its anchor
   * @param title its heading
   * @param note how many of all mistakes these are
   * @param mistakes the mistakes, the worst first
   */
  record Gallery(String id, String title, String note, List<MistakeView> mistakes) {}

  /**
   * A class that is wrongly predicted, or wrongly not predicted.
   *
   * @param source the image as a data URL; null if it can't be shown
   * @param name the image
   * @param label the class
   * @param probability its probability
   * @param actual the actual classes of the image
   */
  record MistakeView(String source, String name, String label, String probability, String actual) {}

  /**
   * Formats the content.
   *
   * @param overview the texts at the top
   * @param training how the model was trained
   * @param assessment the predictions and their metrics
   * @param mistakes the mistakes to show
   * @param thumbnails JPEG files of their images that can be shown, by index in the predictions
   * @param provenance where model and report come from
   */
  public static MultiLabelView from(
      Overview overview,
      TrainingSection training,
      Assessment.MultiLabel assessment,
      TopMisclassifications mistakes,
      Map<Integer, byte[]> thumbnails,
      Provenance provenance) {
    MultiLabelMetrics metrics = assessment.metrics();
    MultiLabelPredictions predictions = assessment.predictions();
    return new MultiLabelView(
        overview,
        tiles(metrics),
        training.curves().map(MultiLabelView::curves).orElse(List.of()),
        metrics.classes().stream().map(MultiLabelView::row).toList(),
        List.of(
            average("Macro average", percent(metrics.meanAveragePrecision()), metrics.macro()),
            average("Micro average", "", metrics.micro())),
        List.of(
            new Gallery(
                "false-positives",
                "False positives",
                note(
                    "Predicted classes that the image doesn't have, most probable first",
                    mistakes.falsePositives().size(),
                    mistakes.falsePositiveCount()),
                views(mistakes.falsePositives(), predictions, thumbnails)),
            new Gallery(
                "false-negatives",
                "False negatives",
                note(
                    "Classes of the image that are not predicted, least probable first",
                    mistakes.falseNegatives().size(),
                    mistakes.falseNegativeCount()),
                views(mistakes.falseNegatives(), predictions, thumbnails))),
        training.balance().stream().map(MultiLabelView::row).toList(),
        training.sweep().orElse(null),
        provenance);
  }

  private static List<List<String>> tiles(MultiLabelMetrics metrics) {
    return List.of(
        List.of(
            "Mean average precision",
            percent(metrics.meanAveragePrecision()),
            "mean over the classes"),
        List.of("Micro F1", percent(metrics.micro().f1()), "at the thresholds"),
        List.of("Macro F1", percent(metrics.macro().f1()), "at the thresholds"),
        List.of("Exact match", percent(metrics.exactMatch()), "all labels of the image"),
        List.of("Loss", format("%.3f", metrics.loss()), "binary cross-entropy, nats"));
  }

  private static List<List<String>> curves(TrainingCurves curves) {
    return curves.history().stream().map(MultiLabelView::row).toList();
  }

  private static List<String> row(Evaluation evaluation) {
    return List.of(
        count(evaluation.iteration()),
        percent(evaluation.trainingAccuracy()),
        percent(evaluation.validationAccuracy()),
        format("%.4f", evaluation.trainingLoss()),
        format("%.4f", evaluation.validationLoss()));
  }

  private static List<String> row(ClassMetrics one) {
    return List.of(
        one.label(),
        Double.isNaN(one.averagePrecision()) ? "unknown" : percent(one.averagePrecision()),
        format("%.3f", one.threshold()),
        percent(one.scores().precision()),
        percent(one.scores().recall()),
        percent(one.scores().f1()),
        count(one.support()),
        count(one.predicted()));
  }

  private static List<String> average(String name, String averagePrecision, Scores scores) {
    return List.of(
        name,
        averagePrecision,
        "",
        percent(scores.precision()),
        percent(scores.recall()),
        percent(scores.f1()),
        "",
        "");
  }

  private static List<String> row(ClassBalance balance) {
    return List.of(
        balance.label(),
        count(balance.total()),
        count(balance.training()),
        count(balance.validation()),
        count(balance.test()));
  }

  private static String note(String what, int shown, int all) {
    return format("%s: %s of %s. Check them for wrong labels.", what, count(shown), count(all));
  }

  private static List<MistakeView> views(
      List<Misclassification> mistakes,
      MultiLabelPredictions predictions,
      Map<Integer, byte[]> thumbnails) {
    return mistakes.stream()
        .map(
            mistake -> {
              byte[] jpeg = thumbnails.get(mistake.index());
              List<String> actual = predictions.actualLabels(mistake.index());
              return new MistakeView(
                  jpeg == null
                      ? null
                      : "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg),
                  predictions.name(mistake.index()),
                  predictions.labels().get(mistake.label()),
                  percent(mistake.probability()),
                  actual.isEmpty() ? "none" : String.join(", ", actual));
            })
        .toList();
  }
}
