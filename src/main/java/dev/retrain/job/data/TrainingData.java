package dev.retrain.job.data;

import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.image.SkippedFile;
import dev.retrain.model.data.DataOrigin;
import dev.retrain.training.Objective;
import dev.retrain.training.Targets;
import java.util.List;

/**
 * The data a head is trained and tested on. Owns its vectors; {@link #close()} frees them.
 *
 * @param labels the classes
 * @param objective whether an image has exactly one class, or any number
 * @param vectors the vectors of the training, validation and test sets
 * @param origin the files they belong to
 * @param skipped files that can't be used
 * @param extractSeconds time to compute missing vectors
 * @param loadSeconds time to read the vectors
 */
public record TrainingData(
    List<String> labels,
    Objective objective,
    PartitionedVectors vectors,
    DataOrigin origin,
    List<SkippedFile> skipped,
    double extractSeconds,
    double loadSeconds)
    implements AutoCloseable {
  public TrainingData {
    labels = List.copyOf(labels);
    skipped = List.copyOf(skipped);
  }

  /** The data of images with exactly one class. */
  public TrainingData(
      List<String> labels,
      PartitionedVectors vectors,
      DataOrigin origin,
      List<SkippedFile> skipped,
      double extractSeconds,
      double loadSeconds) {
    this(labels, Objective.SINGLE_LABEL, vectors, origin, skipped, extractSeconds, loadSeconds);
  }

  /** What a head is trained to predict. */
  public Targets targets() {
    return new Targets(labels, objective);
  }

  @Override
  public void close() {
    vectors.close();
  }
}
