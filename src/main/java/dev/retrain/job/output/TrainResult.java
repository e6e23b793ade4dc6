package dev.retrain.job.output;

import dev.retrain.evaluation.Predictions;
import dev.retrain.evaluation.assessment.Assessment;
import dev.retrain.image.SkippedFile;
import dev.retrain.model.ModelMetadata;
import dev.retrain.training.TrainingResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The result of a training.
 *
 * @param model the metadata of the model on disk, with its metrics
 * @param training the trained head and the history of its training
 * @param assessment the predictions for the test set, and their metrics
 * @param skipped images, or files of vectors, that can't be used
 * @param earlierEvents where the TensorBoard events of an earlier run were moved, if there were any
 * @param seconds the duration of each stage
 */
public record TrainResult(
    ModelMetadata model,
    TrainingResult training,
    Assessment assessment,
    List<SkippedFile> skipped,
    Optional<Path> earlierEvents,
    Timings seconds) {
  public TrainResult {
    skipped = List.copyOf(skipped);
  }

  /**
   * The predictions for the test set of a model that predicts exactly one class.
   *
   * @throws IllegalStateException if the model predicts any number of classes
   */
  public Predictions test() {
    return assessment.singleLabel().predictions();
  }
}
