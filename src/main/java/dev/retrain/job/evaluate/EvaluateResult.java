package dev.retrain.job.evaluate;

import dev.retrain.dataset.Partition;
import dev.retrain.evaluation.Metrics;
import dev.retrain.evaluation.Predictions;
import dev.retrain.image.SkippedFile;
import dev.retrain.model.ModelMetadata;
import java.nio.file.Path;
import java.util.List;

/**
 * What an evaluation gave.
 *
 * @param model what the model is
 * @param data what it was evaluated on
 * @param predictions what it says, by class, then by name
 * @param metrics how good that is
 * @param files the file of each image, or of its vector, in the order of the predictions
 * @param partitions what each image was to the training, in the same order
 * @param skipped files that can't be used
 */
public record EvaluateResult(
    ModelMetadata model,
    EvaluationScope data,
    Predictions predictions,
    Metrics metrics,
    List<Path> files,
    List<Partition> partitions,
    List<SkippedFile> skipped) {
  /** Copies the lists. */
  public EvaluateResult {
    files = List.copyOf(files);
    partitions = List.copyOf(partitions);
    skipped = List.copyOf(skipped);
  }
}
