package dev.retrain.job.evaluate;

import dev.retrain.dataset.Partition;
import dev.retrain.evaluation.Metrics;
import dev.retrain.evaluation.Predictions;
import dev.retrain.image.SkippedFile;
import dev.retrain.model.ModelMetadata;
import java.nio.file.Path;
import java.util.List;

/**
 * The result of an evaluation.
 *
 * @param model the model's metadata
 * @param data what the model was evaluated on
 * @param predictions the predictions, sorted by class, then by name
 * @param metrics their metrics
 * @param files the file of each image, or of its vector, in the order of the predictions
 * @param partitions the set of each image in the training, in the same order
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
  public EvaluateResult {
    files = List.copyOf(files);
    partitions = List.copyOf(partitions);
    skipped = List.copyOf(skipped);
  }
}
