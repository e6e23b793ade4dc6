package dev.retrain.training.head;

import dev.retrain.bottleneck.Vectors;
import dev.retrain.training.TrainingOptions;
import dev.retrain.training.sampling.BalancedSampler;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What an evaluation looks at: all vectors, in tensors made once, or another batch each time.
 *
 * <p>Owns the tensors; {@link #close()} frees them.
 */
final class ValidationBatches implements AutoCloseable {
  /** Images evaluated at once: bounds the memory, not the result. */
  private static final int PIECE = 8192;

  private final TrainingOptions options;
  private final BalancedSampler sampler;
  private final List<BatchTensors> batches = new ArrayList<>();

  ValidationBatches(Vectors vectors, int classes, TrainingOptions options) {
    this.options = options;
    // Not the training's draws again.
    sampler = new BalancedSampler(vectors, classes, ~options.seed());
    if (options.validationBatchSize() != TrainingOptions.ALL) {
      batches.add(new BatchTensors(vectors, options.validationBatchSize()));
      return;
    }
    for (int from = 0; from < vectors.count(); from += PIECE) {
      int to = Math.min(from + PIECE, vectors.count());
      batches.add(new BatchTensors(vectors, IntStream.range(from, to).toArray()));
    }
  }

  /** The batches of the next evaluation; those of the one before are theirs no more. */
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
