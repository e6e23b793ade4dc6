package dev.retrain.job.data;

import dev.retrain.bottleneck.PartitionedVectors;
import dev.retrain.image.SkippedFile;
import dev.retrain.model.ModelMetadata.DataOrigin;
import java.util.List;

/**
 * What a layer is trained on; to be closed.
 *
 * @param labels the classes
 * @param vectors the vectors, by partition
 * @param origin what they are of
 * @param skipped files that can't be used
 * @param extractSeconds how long vectors were computed
 * @param loadSeconds how long they were read
 */
public record TrainingData(
    List<String> labels,
    PartitionedVectors vectors,
    DataOrigin origin,
    List<SkippedFile> skipped,
    double extractSeconds,
    double loadSeconds)
    implements AutoCloseable {
  /** Copies the lists. */
  public TrainingData {
    labels = List.copyOf(labels);
    skipped = List.copyOf(skipped);
  }

  /** Closes the vectors. */
  @Override
  public void close() {
    vectors.close();
  }
}
