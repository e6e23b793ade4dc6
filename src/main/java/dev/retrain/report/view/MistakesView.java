package dev.retrain.report.view;

import static dev.retrain.report.view.NumberText.count;
import static dev.retrain.report.view.NumberText.format;
import static dev.retrain.report.view.NumberText.percent;

import dev.retrain.evaluation.Predictions;
import dev.retrain.report.data.EvaluationSection;
import dev.retrain.util.text.Counted;
import java.util.Base64;
import java.util.List;

/**
 * The most confident mistakes.
 *
 * @param note how many of all mistakes these are
 * @param mistakes the mistakes, the most confident first
 */
record MistakesView(String note, List<Mistake> mistakes) {
  /**
   * A misclassified image.
   *
   * @param index its index in the predictions
   * @param source the image as a data URL; null if it can't be shown
   * @param name {@code class/file}
   * @param actual name of the actual class
   * @param predicted name of the predicted class
   * @param confidence probability of the predicted class
   */
  record Mistake(
      int index, String source, String name, String actual, String predicted, String confidence) {}

  static MistakesView from(EvaluationSection evaluation) {
    return new MistakesView(
        note(evaluation),
        evaluation.examples().mistakes().stream()
            .map(index -> mistake(evaluation, index))
            .toList());
  }

  private static String note(EvaluationSection evaluation) {
    long mistakes = evaluation.metrics().count() - evaluation.metrics().confusion().correct();
    int shown = evaluation.examples().mistakes().size();
    return shown == mistakes
        ? format("%s, most confident first.", Counted.of(mistakes, "misclassified image"))
        : format(
            "The %s most confident of %s misclassified images. Check them for wrong labels.",
            count(shown), count(mistakes));
  }

  private static Mistake mistake(EvaluationSection evaluation, int index) {
    Predictions predictions = evaluation.predictions();
    byte[] jpeg = evaluation.thumbnails().get(index);
    return new Mistake(
        index,
        jpeg == null ? null : "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg),
        predictions.name(index),
        predictions.labels().get(predictions.actual(index)),
        predictions.labels().get(predictions.predicted(index)),
        percent(predictions.confidence(index)));
  }
}
