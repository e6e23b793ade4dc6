package dev.retrain.finetune;

import dev.retrain.finetune.image.BatchSource;
import dev.retrain.finetune.input.BatchTensors;
import dev.retrain.util.concurrent.OrderedPrefetch;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;

/**
 * Builds the batches of a training ahead of the updates.
 *
 * <p>Owns its threads and the batches that are not taken yet; {@link #close()} frees them.
 */
final class BatchPrefetch implements AutoCloseable {
  private static final int BATCHES_AHEAD = 4;

  private final OrderedPrefetch<TrainingPlan.Batch, BatchTensors> batches;
  private boolean closed;

  /**
   * @param plan the batches
   * @param builder builds them
   */
  BatchPrefetch(Iterator<TrainingPlan.Batch> plan, BatchSource builder) {
    Iterator<TrainingPlan.Batch> untilClosed =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return !closed && plan.hasNext();
          }

          @Override
          public TrainingPlan.Batch next() {
            return plan.next();
          }
        };
    batches =
        new OrderedPrefetch<>(
            untilClosed,
            BATCHES_AHEAD,
            batch -> builder.build(batch.images(), batch.next(), batch.epoch()));
  }

  /** The next batch; to be closed. */
  BatchTensors next() throws IOException {
    return batches.next().result().result();
  }

  @Override
  public void close() {
    closed = true;
    try (batches) {
      while (batches.hasNext()) {
        closeNext();
      }
    }
  }

  private void closeNext() {
    try {
      batches.next().result().outcome().close();
    } catch (ExecutionException e) {
      // A batch that could not be built needs no closing, and nobody needs it.
    }
  }
}
