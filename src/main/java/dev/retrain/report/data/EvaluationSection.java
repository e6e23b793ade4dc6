package dev.retrain.report.data;

import dev.retrain.evaluation.Metrics;
import dev.retrain.evaluation.Predictions;
import java.util.Map;

/**
 * How a model performs on the evaluated images.
 *
 * @param predictions the predictions for all evaluated images
 * @param metrics the metrics of these predictions
 * @param examples the images that the report shows
 * @param thumbnails JPEG files of the images that can be shown, by index in the predictions
 */
public record EvaluationSection(
    Predictions predictions,
    Metrics metrics,
    ExampleSelection examples,
    Map<Integer, byte[]> thumbnails) {
  public EvaluationSection {
    thumbnails = Map.copyOf(thumbnails);
  }
}
