package dev.retrain.training.head;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.batch.BatchTensors;
import dev.retrain.training.batch.TargetFormat;
import dev.retrain.training.sampling.BalancedSampler;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The batches of an evaluation: all validation vectors, in tensors that are filled once, or a new
 * random batch for each evaluation.
 *
 * <p>Owns the tensors; {@link #close()} frees them.
 */
final class ValidationBatches implements AutoCloseable {
  /** Maximum number of images per batch; limits the memory and does not affect the result. */
  private static final int MAX_BATCH_SIZE = 8192;

  private final TrainingOptions options;
  private final BalancedSampler sampler;
  private final List<BatchTensors> batches = new ArrayList<>();

  ValidationBatches(Vectors vectors, TargetFormat format, TrainingOptions options) {
    this.options = options;
    // A different seed than that of the training batches.
    sampler = new BalancedSampler(vectors, format.classes(), ~options.seed());
    if (options.validationBatchSize() != TrainingOptions.ALL) {
      batches.add(new BatchTensors(vectors, format, options.validationBatchSize()));
      return;
    }
    for (int from = 0; from < vectors.count(); from += MAX_BATCH_SIZE) {
      int to = Math.min(from + MAX_BATCH_SIZE, vectors.count());
      batches.add(new BatchTensors(vectors, format, IntStream.range(from, to).toArray()));
    }
  }

  /** The batches of the next evaluation; valid until the next call. */
  List<BatchTensors> next() {
    if (options.validationBatchSize() != TrainingOptions.ALL) {
      batches.get(0).fill(sampler.next(options.validationBatchSize()));
    }
    return batches;
  }

  @Override
  public void close() {
    batches.forEach(BatchTensors::close);
  }
}
