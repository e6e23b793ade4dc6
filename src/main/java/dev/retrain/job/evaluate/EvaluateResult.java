package dev.retrain.job.evaluate;

import dev.retrain.dataset.Partition;
import dev.retrain.evaluation.Metrics;
import dev.retrain.evaluation.Predictions;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.image.SkippedFile;
import dev.retrain.model.ModelMetadata;
import java.nio.file.Path;
import java.util.List;

/**
 * The result of an evaluation.
 *
 * @param model the model's metadata
 * @param data what the model was evaluated on
 * @param assessment the predictions, sorted by class, then by name, and their metrics
 * @param files the file of each image, or of its vector, in the order of the predictions
 * @param partitions the set of each image in the training, in the same order
 * @param skipped files that can't be used
 */
public record EvaluateResult(
    ModelMetadata model,
    EvaluationScope data,
    Assessment assessment,
    List<Path> files,
    List<Partition> partitions,
    List<SkippedFile> skipped) {
  public EvaluateResult {
    files = List.copyOf(files);
    partitions = List.copyOf(partitions);
    skipped = List.copyOf(skipped);
  }

  /**
   * The predictions of a model that predicts exactly one class.
   *
   * @throws IllegalStateException if the model predicts any number of classes
   */
  public Predictions predictions() {
    return assessment.singleLabel().predictions();
  }

  /**
   * The metrics of a model that predicts exactly one class.
   *
   * @throws IllegalStateException if the model predicts any number of classes
   */
  public Metrics metrics() {
    return assessment.singleLabel().metrics();
  }
}
