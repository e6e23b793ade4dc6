package dev.retrain.job.output;

import dev.retrain.evaluation.TestResult;
import dev.retrain.image.SkippedFile;
import dev.retrain.model.ModelMetadata;
import dev.retrain.training.TrainingResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a training gave.
 *
 * @param model the description of the model on disk
 * @param training the training's course
 * @param test how the model did on the test images
 * @param skipped images, or files of vectors, that could not be used
 * @param plots the plots that were drawn
 * @param earlierEvents where an earlier run's TensorBoard events were moved
 * @param seconds how long it took
 */
public record TrainResult(
    ModelMetadata model,
    TrainingResult training,
    TestResult test,
    List<SkippedFile> skipped,
    List<Path> plots,
    Optional<Path> earlierEvents,
    Timings seconds) {
  /** Copies the lists. */
  public TrainResult {
    skipped = List.copyOf(skipped);
    plots = List.copyOf(plots);
  }
}
