package dev.retrain.report.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.retrain.evaluation.Predictions;
import dev.retrain.report.data.EvaluationSection;
import dev.retrain.report.data.ExampleSelection.Cell;
import dev.retrain.report.data.ReportData;
import dev.retrain.report.data.Smoothing;
import dev.retrain.report.data.TrainingCurves;
import dev.retrain.training.Evaluation;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * The JSON data that the page's script reads.
 *
 * @param classes number of classes
 * @param curves the training curves; null if unknown
 * @param cells indexes of the images of each cell of the confusion matrix; a key is {@code
 *     actual-predicted}
 * @param images the images on the page, by their index in the predictions
 */
public record ScriptData(
    int classes,
    @JsonInclude(JsonInclude.Include.NON_NULL) Curves curves,
    Map<String, List<Integer>> cells,
    Map<Integer, Image> images) {
  /**
   * The training curves.
   *
   * @param iteration the iterations
   * @param best index of the evaluation whose weights the model has
   * @param training curves of the training batches
   * @param validation curves of the validation images
   */
  record Curves(List<Integer> iteration, int best, Lines training, Lines validation) {}

  /**
   * The curves of one set.
   *
   * @param accuracy 0 to 1
   * @param loss in nats
   * @param smoothAccuracy the smoothed accuracy
   * @param smoothLoss the smoothed loss
   */
  record Lines(
      List<Double> accuracy,
      List<Double> loss,
      List<Double> smoothAccuracy,
      List<Double> smoothLoss) {
    private static Lines from(
        List<Evaluation> history,
        ToDoubleFunction<Evaluation> accuracy,
        ToDoubleFunction<Evaluation> loss) {
      double[] accuracies = history.stream().mapToDouble(accuracy).toArray();
      double[] losses = history.stream().mapToDouble(loss).toArray();
      return new Lines(
          boxed(accuracies),
          boxed(losses),
          boxed(Smoothing.smooth(accuracies)),
          boxed(Smoothing.smooth(losses)));
    }

    private static List<Double> boxed(double[] values) {
      return DoubleStream.of(values).boxed().toList();
    }
  }

  /**
   * An image.
   *
   * @param name {@code class/file}
   * @param confidence probability of the predicted class, 0 to 1
   * @param jpeg the JPEG file in Base64; null if the page has it elsewhere, or not at all
   */
  record Image(
      String name, float confidence, @JsonInclude(JsonInclude.Include.NON_NULL) String jpeg) {}

  /** The data as JSON that can stand inside any HTML element. */
  public static String json(ReportData data) {
    EvaluationSection evaluation = data.evaluation();
    return HtmlSafeJson.write(
        new ScriptData(
            evaluation.predictions().classes(),
            data.training().curves().map(ScriptData::curves).orElse(null),
            cells(evaluation),
            images(evaluation)));
  }

  private static Curves curves(TrainingCurves curves) {
    List<Evaluation> history = curves.history();
    return new Curves(
        history.stream().map(Evaluation::iteration).toList(),
        curves.bestIndex(),
        Lines.from(history, Evaluation::trainingAccuracy, Evaluation::trainingLoss),
        Lines.from(history, Evaluation::validationAccuracy, Evaluation::validationLoss));
  }

  private static Map<String, List<Integer>> cells(EvaluationSection evaluation) {
    Map<String, List<Integer>> cells = new TreeMap<>();
    evaluation
        .examples()
        .cells()
        .forEach(
            (Cell cell, List<Integer> images) ->
                cells.put(cell.actual() + "-" + cell.predicted(), images));
    return cells;
  }

  private static Map<Integer, Image> images(EvaluationSection evaluation) {
    Predictions predictions = evaluation.predictions();
    // Sorted: a report is the same in every process.
    Map<Integer, Image> images = new TreeMap<>();
    for (int index : evaluation.examples().images()) {
      boolean inGallery = evaluation.examples().mistakes().contains(index);
      byte[] jpeg = inGallery ? null : evaluation.thumbnails().get(index);
      images.put(
          index,
          new Image(
              predictions.name(index),
              predictions.confidence(index),
              jpeg == null ? null : Base64.getEncoder().encodeToString(jpeg)));
    }
    return images;
  }
}
